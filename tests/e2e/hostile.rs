//! What a job prints never harms zap, the outer terminal or other jobs.

use crate::host::Host;

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
    let text = String::from_utf8_lossy(&bytes);
    for forbidden in ["\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1b(0", "\x07", "\u{fffd}c"] {
        assert!(!text.contains(forbidden), "{forbidden:?} reached the outer terminal");
    }
    host.leaves_nothing_behind();
}
