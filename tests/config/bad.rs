//! Files with mistakes: what a person reads about each is a snapshot. Not: why a rule is as it is (see `design`).

use super::project::{empty, files, project};

#[test]
fn every_bad_file_is_told_as_its_snapshot_says() {
    for (name, text) in files("bad") {
        let told = project(&text).told();
        assert!(!told.is_empty(), "{name} has no problem");
        insta::assert_snapshot!(format!("bad_{name}"), told);
    }
}

#[test]
fn problems_come_in_the_order_of_the_file_and_all_at_once() {
    let project = project(
        "[systems.a.jobs]\nx = { depends-on = [\"no\"], command = \"\", umask = 7 }\n[zap]\nquit = 1\n",
    );
    let told = project.told();
    let places: Vec<&str> =
        told.lines().filter_map(|line| line.trim_start().strip_prefix("--> systems.toml:")).collect();
    assert_eq!(places, ["2:21", "2:38", "2:50", "4:8"]);
}

#[test]
fn a_file_that_is_no_text_is_told_with_the_place() {
    let project = empty();
    project.write("systems.toml", b"[zap]\ntheme = \"d\xe4rk\"\n");
    insta::assert_snapshot!(project.told());
}

#[test]
fn a_theme_beside_the_file_has_its_own_problems() {
    let project = project("[zap]\ntheme = \"mine\"\n[systems.a.jobs]\nx = \"true\"\n");
    project.write(
        "themes/mine.toml",
        "[looks]\nruning = \"green\"\nfailed = \"bold redd\"\nhit = \"on\"\n[look]\n",
    );
    insta::assert_snapshot!(project.told());
}
