//! Searching and filtering a long output while it grows.

use crate::host::Host;

#[test]
fn a_long_output_is_searched_and_filtered_while_it_is_printed() {
    let mut host = Host::new(
        "[systems.a.jobs]\none = \"rogue lines 150000; until [ -e go ]; do sleep 0.05; done; rogue lines 150000; sleep 1000\"\n",
    );
    host.zap(&[]).row(&["one", "running"]).keys("\r").shows("\nline ");
    // A hit is always in sight, so the screen goes on to follow.
    host.keys("/7$")
        .shows("following")
        .keys("\r")
        .shows("line 150000")
        .shows("/ 7$  15,000 hits · following");
    host.file("go", "");
    host.until("the count of what came since", |screen| screen.contains("30,000 hits · following"));
    host.shows("following").keys("gn").line("line 7").shows("1/30,000 · paused");
    host.keys("20000n").line("line 50007").shows("20,001/30,000 · paused");
    host.keys("N").shows("20,000/30,000");
    host.keys("\x1b").shows_no("30,000");
    host.keys("F&1777$\r").shows("& 1777$  30 of 300,000 lines · following").shows("line 141777");
    host.keys("&!line 1\\d").shows("&!line 1\\d").keys("\r").shows("&! line 1\\d  16 of 300,000 lines");
    host.keys("g").line("line 21777").keys("/99777|91777\r").shows("1/2");
    // One thing at a time: the search, the last filter, the first one.
    host.keys("\x1b").shows_no("1/2").keys("\x1b").shows_no("&!").keys("\x1b").shows_no("1777$").keys("qqy");
    assert_eq!(host.ends().0, 0);
    host.leaves_nothing_behind();
}
