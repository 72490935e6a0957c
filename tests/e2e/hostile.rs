//! What a job prints never harms zap, the outer terminal or other jobs.

use crate::host::Host;
use crate::outer::forbidden;

#[test]
fn hostile_output_harms_nobody() {
    let config = r#"
[systems.a.jobs]
good = "while :; do echo well and alive; sleep 0.1; done"
garbage = "rogue garbage 2000000 7"
huge = "rogue huge-line 20000000"
half = "rogue half-utf8"
open = "rogue escapes-unterminated"
vs16 = "rogue vs16"
rep = "rogue rep-loop 2000"
"#;
    let mut host = Host::new(config).size(24, 80);
    host.zap(&[]).row(&["good", "running"]);
    for job in ["garbage", "huge", "half", "open", "vs16", "rep"] {
        host.keys("j\r").shows(&format!("a/{job}")).keys("gGq").row(&["good", "running"]);
    }
    host.keys("1\r").shows("well and alive").keys("q");
    host.keys("qy");
    let (code, bytes) = host.ends();
    assert_eq!(code, 0);
    assert_eq!(forbidden(&bytes), [""; 0]);
    host.leaves_nothing_behind();
}

/// Everything by which a program could reach the terminal that zap runs in, or make it disagree with zap about where things are.
fn hostile_words() -> Vec<Vec<u8>> {
    let text = |words: &[&str]| words.iter().map(|words| words.as_bytes().to_vec()).collect::<Vec<_>>();
    let mut all = text(&[
        // Titles, clipboard, links, notifications, colours, folders.
        "\x1b]0;title\x07\x1b]2;title\x1b\\\x1b]52;c;ZXZpbA==\x07\x1b]52;c;?\x07",
        "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\\x1b]9;boo\x07\x1b]777;notify;a;b\x07\x1b]7;file:///\x07",
        "\x1b]4;1;#ffffff\x07\x1b]10;red\x07\x1b]11;blue\x07\x1b]104\x07\x1b]1337;File=inline=1:AAAA\x07\x1b]133;A\x07",
        // Strings: sixel, kitty's pictures, tmux's way through, screen's titles.
        "\x1bPq#0;2;0;0;0~~-\x1b\\\x1b_Ga=T,f=24,s=1,v=1;AAAA\x1b\\\x1bPtmux;\x1b\x1b]0;x\x07\x1b\\\x1bktitle\x1b\\",
        "\x1b^private\x1b\\\x1bXstart\x1b\\\x1bP$qm\x1b\\\x1bP+q544e\x1b\\",
        // The window, questions, printers, keyboards, modes of all kinds.
        "\x1b[8;5;5t\x1b[3;0;0t\x1b[2t\x1b[21t\x1b[14t\x1b[c\x1b[>c\x1b[6n\x1b[5i\x1b[?5i\x1b[0q\x1b[1$r\x1b[2*x",
        "\x1b[>4;2m\x1b[>1u\x1b[=5u\x1b[?u\x1b[?4m\x1b[>q\x1b[?2031h\x1b[?2048h\x1b[?1016h\x1b[?1015h\x1b[?9001h",
        "\x1b[?47h\x1b[?47l\x1b[?1048h\x1b[?5h\x1b[?3h\x1b[?69h\x1b[2;5s\x1b[?7l\x1b[?7h\x1b[4h\x1b[4l\x1b[20h\x1b[20l",
        "\x1b(0lqqk\x1b(B\x1b)0\x0e\x0f\x1bn\x1bo\x1b*0\x1bN\x1bO\x1b%G\x1b%@\x1b F\x1b G\x1b#3wide\x1b#8\x1b[2J",
        "\x1b[7 q\x1b[99 q\x1b[2 @\x1b[2 A\x1b['z\x1b[1;2'{\x1b[!p\x1bc\x1b7\x1b8\x1b6\x1b9\x1bV\x1bW\x1bZ",
        // Sequences in sequences, broken off, and parameters without end.
        "\x1b\x1b\x1b[\x1b]\x1bP\x1b[31\x1b[1mx\x1b[1\x182J\x1b[1\x1amx\x1b[\n\x1b[1;\rH\x1b[99999999999999m\x1b[1;2;3;4;5;6;7;8;9;10;11;12H",
        "\x1b[38:2::300:1:2m\x1b[38;2;1m\x1b[58:2::1:2:3mx\x1b[4:3mx\x1b[m\x1b[:m\x1b[;;;;m\x1b[<1m\x1b[?1m",
        "\x1b[65535b\x1b[65535;65535Hx\x1b[65535@\x1b[65535P\x1b[65535L\x1b[65535M\x1b[65535S\x1b[65535T\x1b[65535Ix",
        // Text that turns around, hides, joins or widens.
        "\u{202a}a\u{202b}b\u{202c}c\u{202d}d\u{202e}e\u{2066}f\u{2067}g\u{2068}h\u{2069}i\u{61c}j\u{200e}k\u{200f}l",
        "\u{2028}a\u{2029}b\u{feff}c\u{200b}d\u{200d}e\u{2060}f\u{ad}g\u{180e}h\u{fff9}i\u{fffb}j\u{e0001}\u{e0041}k\u{e007f}l\u{e0100}m",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦 ⚠\u{fe0f}x 1\u{fe0f}\u{20e3} 🇩🇪 \u{1f3fb} 漢\u{fe00} \u{e000}\u{10ffff}\u{fdd0}\u{ffff}",
        "\u{85}a\u{90}b\u{9b}31mc\u{9d}0;t\u{9c}d\u{9f}e\u{80}",
        "\x07\x00\x05\x7f\x0b\x0c\x08\x08\x08\x08\x08\x1a\x18",
    ]);
    // The same controls in 8 bits, and bytes that are no text.
    all.push(b"\x9b31m\x9d0;title\x9c\x90q\x9c\x9f\x9e\x98\x84\x85\x8d\xff\xfe\xc0\xaf\xed\xa0\x80\xf5\x80\x80\x80".to_vec());
    // Marks without number on one cell, on none, and on a wide one.
    let marks = "\u{301}\u{200d}\u{20e3}\u{1ab0}".repeat(1000);
    all.push(format!("e{marks}\r\n{marks}\r\n漢{marks}\x1b[H{marks}").into_bytes());
    // Strings that never end.
    for opening in ["\x1b]0;", "\x1b]52;c;", "\x1bPq", "\x1b_G", "\x1b^", "\x1bX", "\x1b["] {
        all.push([opening.as_bytes(), &b"1".repeat(1_200_000), b"\x1b\\\r\n"].concat());
    }
    all
}

#[test]
fn nothing_that_a_job_prints_gets_beyond_its_cells() {
    let one_by_one = "i=0; while read -r go; do cat words.$i; echo; echo after $i; i=$((i+1)); done";
    let mut host = Host::new(&format!(
        "[systems.a.jobs]\none = {{ command = \"{one_by_one}\", interactive = true }}\nall = \"while :; do cat words.*; sleep 0.1; done\"\n",
    ))
    .size(24, 80);
    let words = hostile_words();
    for (number, word) in words.iter().enumerate() {
        let back = b"\x1b[?1049l\x1b[?6l\x1b[r\x1b[m\x1b(B\x0f";
        std::fs::write(host.folder().join(format!("words.{number}")), [word, back.as_slice()].concat())
            .expect("a file can be written");
    }
    // Each is seen for itself, while the keys go to the job.
    host.zap(&[]).row(&["one", "running"]).keys("\r").shows("Ctrl-]");
    for number in 0..words.len() {
        host.keys("\r").shows(&format!("after {number}"));
    }
    // Then as lines, from the first to the last, and searched.
    host.keys("\x1d").shows_no("Ctrl-]").keys("g").shows("paused");
    for _ in 0..20 {
        host.keys("ddddd").keys("/after\r").shows("/ after ");
    }
    host.keys("G").shows("following");
    // And in a flood.
    host.keys("q")
        .row(&["one", "running"])
        .keys("j\r")
        .shows("a/all")
        .keys("gG")
        .keys("q")
        .row(&["one", "running"]);
    host.keys("qy");
    let (code, bytes) = host.ends();
    assert_eq!(code, 0);
    assert_eq!(forbidden(&bytes), [""; 0]);
    host.leaves_nothing_behind();
}

#[test]
fn what_people_name_and_paste_is_no_control_either() {
    let title = "t\\u001b]0;evil\\u0007\\u009b31m\\u202e\\ud83d";
    let config = format!(
        "[systems.a]\ntitle = \"{}\"\n[systems.a.jobs]\none = {{ command = \"printf '\\\\033]0;x\\\\007'; exit 3\", title = \"{0}\" }}\n\
         two = \"sleep 1000 # \\u001b[31m \\u202e\"\n",
        title.replace("\\ud83d", "")
    );
    let mut host = Host::new(&config).size(24, 80);
    host.zap(&[]).row(&["two", "running"]);
    let pasted = "\x1b[200~x\u{9b}31m\u{202e}\x1b]0;t\x07\u{e0041}y\x1b[201~";
    // The details, the filter of the tree, the search of the pager.
    host.keys("i").shows("how it ended").keys("i").shows_no("how it ended");
    host.keys("/").keys(pasted).shows("x31m").keys("\x15\r").row(&["two", "running"]);
    host.keys("j\r").shows("a/two").keys("/").keys(pasted).shows("x31m").keys("\r").shows("no hit");
    host.keys("q").row(&["one", "failed"]).keys("qy");
    let (code, bytes) = host.ends();
    assert_eq!(code, 0);
    assert_eq!(forbidden(&bytes), [""; 0]);
    host.leaves_nothing_behind();
}

/// A shell that reads nothing, asked by its own output without end: answers that nobody takes are dropped, and nothing waits for it.
#[test]
fn who_asks_and_does_not_listen_harms_nobody() {
    let mut host = Host::new(
        "[systems.a.jobs]\ngood = \"while :; do echo well and alive; sleep 0.1; done\"\ndeaf = \"while :; do printf '\\\\033[6n\\\\033[c\\\\033]11;?\\\\007'; done\"\n",
    )
    .size(24, 80);
    host.zap(&[]).row(&["good", "running"]).keys("j\r").shows("a/deaf").keys("qk\r").shows("well and alive");
    host.keys("qqy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}
