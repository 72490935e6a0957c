//! The 256 colours that programs are told of when they ask: xterm's. What the outer terminal makes of the first sixteen is its own
//! affair.

/// xterm's first sixteen.
const FIRST: [(u8, u8, u8); 16] = [
    (0x00, 0x00, 0x00),
    (0xcd, 0x00, 0x00),
    (0x00, 0xcd, 0x00),
    (0xcd, 0xcd, 0x00),
    (0x00, 0x00, 0xee),
    (0xcd, 0x00, 0xcd),
    (0x00, 0xcd, 0xcd),
    (0xe5, 0xe5, 0xe5),
    (0x7f, 0x7f, 0x7f),
    (0xff, 0x00, 0x00),
    (0x00, 0xff, 0x00),
    (0xff, 0xff, 0x00),
    (0x5c, 0x5c, 0xff),
    (0xff, 0x00, 0xff),
    (0x00, 0xff, 0xff),
    (0xff, 0xff, 0xff),
];

/// Red, green and blue of an index.
pub(super) fn colour(index: u8) -> (u8, u8, u8) {
    if let Some(colour) = FIRST.get(usize::from(index)) {
        return *colour;
    }
    if index >= 232 {
        let grey = 8 + (index - 232) * 10;
        return (grey, grey, grey);
    }
    let index = index - 16;
    let step = |number: u8| if number == 0 { 0 } else { 55 + 40 * number };
    (step(index / 36), step(index / 6 % 6), step(index % 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cube_and_the_greys_are_xterms() {
        assert_eq!(colour(1), (0xcd, 0, 0));
        assert_eq!(colour(16), (0, 0, 0));
        assert_eq!(colour(208), (0xff, 0x87, 0));
        assert_eq!(colour(231), (0xff, 0xff, 0xff));
        assert_eq!(colour(232), (8, 8, 8));
        assert_eq!(colour(255), (0xee, 0xee, 0xee));
    }
}
