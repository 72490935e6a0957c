//! SGR sequences that vt100 does not read, in words that it does: `38:2::r:g:b`, `4:3`. Plain ones do not come here.

use super::attrs::{SGR_PARAMS, push_decimal};

/// Rewrites the parameters into `out`, separated by semicolons. Returns whether anything is left to say.
pub(super) fn normalise(given: &[u8], out: &mut Vec<u8>) -> bool {
    // `CSI > m`, `CSI ? m` and the like set keyboards, not colours.
    if given.iter().any(|byte| !matches!(byte, b'0'..=b'9' | b';' | b':')) {
        return false;
    }
    for (index, param) in given.split(|byte| *byte == b';').enumerate() {
        if index >= SGR_PARAMS {
            break;
        }
        let mut numbers = [0_u16; 8];
        let mut count = 0;
        for (slot, part) in numbers.iter_mut().zip(param.split(|byte| *byte == b':')) {
            *slot = part.iter().fold(0, |number, digit| {
                number.saturating_mul(10).saturating_add(u16::from(digit.wrapping_sub(b'0')))
            });
            count += 1;
        }
        match numbers[..count] {
            [number] => say(&[number], out),
            [4, 0] => say(&[24], out),
            [4, _] => say(&[4], out),
            [38 | 48, 2, _, r, g, b, ..] | [38 | 48, 2, r, g, b] => say(&[numbers[0], 2, r, g, b], out),
            [38 | 48, 5, index, ..] => say(&[numbers[0], 5, index], out),
            _ => {}
        }
    }
    !out.is_empty()
}

fn say(numbers: &[u16], out: &mut Vec<u8>) {
    for &number in numbers {
        if !out.is_empty() {
            out.push(b';');
        }
        push_decimal(number, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_become_semicolons() {
        for (given, said) in [
            ("38:2::1:2:3", "38;2;1;2;3"),
            ("38:2:1:2:3", "38;2;1;2;3"),
            ("1;48:5:9", "1;48;5;9"),
            ("4:3", "4"),
            ("4:0;58:2::1:2:3", "24"),
        ] {
            let mut out = Vec::new();
            assert!(normalise(given.as_bytes(), &mut out));
            assert_eq!(String::from_utf8(out).unwrap(), said);
        }
        assert!(!normalise(b">4;1", &mut Vec::new()));
    }
}
