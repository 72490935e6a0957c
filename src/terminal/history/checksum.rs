//! A checksum that finds every changed, missing or foreign piece of a frame. Not a guard against somebody who wants to deceive.

/// Odd, so that each step can be undone: a change in one word always changes the sum.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// The sum over these pieces, one after the other. Where a piece ends counts too.
pub(super) fn checksum(pieces: &[&[u8]]) -> u64 {
    pieces.iter().fold(FACTOR, |sum, piece| add(step(sum, piece.len() as u64), piece))
}

fn add(mut sum: u64, piece: &[u8]) -> u64 {
    let (words, rest) = piece.as_chunks::<8>();
    for word in words {
        sum = step(sum, u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    step(sum, u64::from_le_bytes(last))
}

fn step(sum: u64, word: u64) -> u64 {
    let mixed = (sum ^ word).wrapping_mul(FACTOR);
    mixed ^ mixed >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_a_bit_changes_the_sum() {
        let piece: Vec<u8> = (0..100).collect();
        let sum = checksum(&[&piece]);
        for bit in 0..piece.len() * 8 {
            let mut other = piece.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(checksum(&[&other]), sum, "bit {bit}");
        }
        assert_ne!(checksum(&[&piece[..99]]), sum);
        assert_ne!(checksum(&[&piece[..50], &piece[50..]]), sum);
    }
}
