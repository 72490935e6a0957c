//! What zap writes to its terminal, read strictly: whoever finds anything but text, colours, cursor moves, erasing and the modes that
//! zap itself uses says so.

/// The private modes that zap sets and resets.
const MODES: [u16; 9] = [25, 1000, 1002, 1003, 1004, 1006, 1049, 2004, 2026];

/// All in `bytes` that may not be there, each with what stands around it.
pub(crate) fn forbidden(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut complain = |what: &str, at: usize| {
        let around = &bytes[at.saturating_sub(20)..bytes.len().min(at + 30)];
        found.push(format!("{what}: {:?}", String::from_utf8_lossy(around)));
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            complain("no UTF-8", error.valid_up_to());
            return found;
        }
    };
    let mut at = 0;
    let mut marks = 0;
    while let Some(c) = text[at..].chars().next() {
        if c == '\x1b' {
            match sequence(&text[at..]) {
                Ok(length) => at += length,
                Err(what) => {
                    complain(what, at);
                    at += 1;
                }
            }
            marks = 0;
            continue;
        }
        marks = if zap::terminal::width(c) == 0 { marks + 1 } else { 0 };
        if marks > 16 {
            complain("a flood of marks", at);
        } else if !may_be_seen(c) {
            complain("a character that is none", at);
        }
        at += c.len_utf8();
    }
    found
}

/// How long the sequence is with which a text begins, if it may be there.
fn sequence(text: &str) -> Result<usize, &'static str> {
    let Some(rest) = text.strip_prefix("\x1b[") else { return Err("an escape that is no CSI") };
    let end = rest.find(|c: char| !(' '..='?').contains(&c)).ok_or("a sequence without end")?;
    let (params, last) = (&rest[..end], rest[end..].chars().next().unwrap_or(' '));
    let length = "\x1b[".len() + end + last.len_utf8();
    let plain = params.chars().all(|c| c.is_ascii_digit() || c == ';');
    let known = match last {
        'm' | 'H' | 'J' | 'K' | 'A' | 'B' | 'C' | 'D' | 'G' if plain => true,
        'h' | 'l' => {
            let modes = params.strip_prefix('?').map(|modes| modes.split(';').map(str::parse::<u16>));
            modes.is_some_and(|mut modes| modes.all(|mode| mode.is_ok_and(|mode| MODES.contains(&mode))))
        }
        // The shape of the cursor.
        'q' => matches!(params.as_bytes(), [b'0'..=b'6', b' ']),
        _ => false,
    };
    if known { Ok(length) } else { Err("a sequence that zap does not use") }
}

fn may_be_seen(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffd}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[test]
fn the_strict_reader_finds_what_it_should() {
    let fine =
        "\x1b[?1049h\x1b[?2026h\x1b[2;3Htext é 漢 e\u{301}\x1b[1;38;2;1;2;3m\x1b[K\x1b[6 q\x1b[?25l\u{e0b0}";
    assert_eq!(forbidden(fine.as_bytes()), [""; 0]);
    for bad in [
        "\x1b]0;x\x07",
        "\x1b[?47h",
        "\x1b[8;2;2t",
        "\x1b(0",
        "\x1bPq\x1b\\",
        "\x1b_x\x1b\\",
        "a\tb",
        "\u{9b}31m",
        "a\u{202e}b",
        "\u{e0041}",
        "\x1b[38:2:1m",
        "\x1b[9 q",
        "\x1b[",
        "\x1b[2 @",
    ] {
        assert!(!forbidden(bad.as_bytes()).is_empty(), "{bad:?}");
    }
    assert!(!forbidden(b"\xff").is_empty());
    assert!(!forbidden(format!("e{}", "\u{301}".repeat(40)).as_bytes()).is_empty());
}
