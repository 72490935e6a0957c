//! The private marks around steps: `NONCE;S;PID`, `NONCE;B;STEP`, `NONCE;E;STEP;CODE` after `ESC ] 5379 ;`. Only reads them.

use super::line::Mark;

/// Reads a mark, if it carries the right nonce.
pub(super) fn parse(text: &[u8], nonce: u64) -> Option<Mark> {
    let text = std::str::from_utf8(text).ok()?;
    let mut fields = text.split(';');
    if fields.next()? != format!("{nonce:016x}") {
        return None;
    }
    let kind = fields.next()?;
    let number = fields.next()?;
    let mark = match kind {
        "S" => Mark::Session { pid: number.parse().ok()? },
        "B" => Mark::Begin { step: number.parse().ok()? },
        "E" => Mark::End { step: number.parse().ok()?, code: fields.next()?.parse().ok()? },
        _ => return None,
    };
    fields.next().is_none().then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_nonce_counts() {
        assert_eq!(parse(b"00000000000000ff;E;3;127", 255), Some(Mark::End { step: 3, code: 127 }));
        assert_eq!(parse(b"00000000000000ff;S;4711", 255), Some(Mark::Session { pid: 4711 }));
        assert_eq!(parse(b"00000000000000fe;B;3", 255), None);
        assert_eq!(parse(b"00000000000000ff;B;x", 255), None);
        assert_eq!(parse(b"ff;B;1", 255), None);
    }
}
