//! Zones, windows and moments of a file. Not: when something happens (see the model's tests).

use jiff::Timestamp;

use super::project::{job, project};
use zap::config::{TimeOfDay, WeekDays};

#[test]
fn a_window_has_its_own_zone_or_that_of_the_file() {
    let project = project(
        r#"
        [zap]
        timezone = "Asia/Tokyo"
        [systems.s.jobs.a]
        command = "x"
        schedule = [{ start-time = "08:00" }, { timezone = "local" }, { timezone = "America/New_York", week-days = "sun" }]
        restart-at = ["16:00", "04:00", "04:00:00", 03:30:00]
        "#,
    );
    let loaded = project.loaded();
    let job = job(&loaded, "s/a");
    let zones: Vec<(&str, Option<&str>)> = job
        .schedule
        .iter()
        .map(|window| (window.zone.name.as_str(), window.zone.rules.iana_name()))
        .collect();
    let wanted = [
        ("Asia/Tokyo", Some("Asia/Tokyo")),
        // `TZ` of the environment that zap was started with.
        ("local", Some("Europe/Berlin")),
        ("America/New_York", Some("America/New_York")),
    ];
    assert_eq!(zones, wanted);
    assert_eq!(job.schedule[0].days, WeekDays::ALL);
    assert_eq!(job.schedule[2].days, WeekDays { bits: 1 << 6 });
    assert_eq!(job.zone.name, "Asia/Tokyo");
    let times =
        [(3, 30), (4, 0), (16, 0)].map(|(hour, minute)| TimeOfDay(jiff::civil::time(hour, minute, 0, 0)));
    assert_eq!(job.restart_at, times);
}

#[test]
fn a_version_comes_into_force_by_the_clocks_of_the_files_zone() {
    let project = project(
        r#"
        [systems.s.jobs.a]
        versions = [
          { command = "left out", apply-on = 2027-03-28T02:30:00 },
          { command = "twice", apply-on = "2027-10-31 02:30" },
          { command = "everywhere", apply-on = 2027-01-01T00:00:00Z },
          { command = "a day", apply-on = 2027-06-01 },
        ]
        "#,
    );
    let loaded = project.loaded();
    let job = job(&loaded, "s/a");
    let moments: Vec<(String, String)> = job
        .versions
        .iter()
        .map(|version| {
            let at = Timestamp::from_millisecond(version.apply_on.unix_ms).unwrap();
            (version.apply_on.text.clone(), at.to_string())
        })
        .collect();
    let wanted = [
        ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2027-03-28T02:30:00", "2027-03-28T01:00:00Z"),
        ("2027-06-01", "2027-05-31T22:00:00Z"),
        ("2027-10-31 02:30", "2027-10-31T00:30:00Z"),
    ];
    assert_eq!(moments, wanted.map(|(text, at)| (text.to_owned(), at.to_owned())));
    assert_eq!(job.launch, None);
    assert_eq!(job.title, "everywhere");
}
