//! Folders, the lock, the clock and the seed.

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use zap::sys::{Clock, Lock, LockError, PlaceError, Places, project_id, random};

fn places(variables: &[(&str, &str)]) -> Result<Places, PlaceError> {
    Places::of(Path::new("/home/me/systems.toml"), |name| {
        variables.iter().find(|(of, _)| *of == name).map(|(_, value)| OsStr::new(*value))
    })
}

#[test]
fn the_places_follow_the_environment() {
    let id = project_id(Path::new("/home/me/systems.toml"));
    assert_eq!(id.len(), 16);
    assert_ne!(id, project_id(Path::new("/home/me/systems2.toml")));
    let plain = places(&[("HOME", "/home/me")]).unwrap();
    assert_eq!(plain.state, Path::new("/home/me/.local/state/zap").join(&id));
    assert_eq!(plain.runtime, plain.state);
    let xdg = places(&[("HOME", "/h"), ("XDG_STATE_HOME", "/s"), ("XDG_RUNTIME_DIR", "/r")]).unwrap();
    assert_eq!(xdg.state, Path::new("/s/zap").join(&id));
    assert_eq!(xdg.runtime, Path::new("/r/zap").join(&id));
    let own =
        places(&[("ZAP_STATE_DIR", "/z"), ("XDG_STATE_HOME", "/s"), ("XDG_RUNTIME_DIR", "/r")]).unwrap();
    assert_eq!((&own.state, &own.runtime), (&Path::new("/z").join(&id), &Path::new("/z").join(&id)));
    let relative = places(&[("HOME", "/h"), ("XDG_RUNTIME_DIR", "r"), ("ZAP_STATE_DIR", "")]).unwrap();
    assert_eq!(relative.runtime, Path::new("/h/.local/state/zap").join(&id));
    assert!(matches!(places(&[]), Err(PlaceError::NoHome)));
}

#[test]
fn the_name_of_a_project_never_changes() {
    assert_eq!(project_id(Path::new("/home/me/systems.toml")), "0c085af42e960fa1");
}

#[test]
fn folders_are_private_and_nobody_elses() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("a/b");
    let places = places(&[("ZAP_STATE_DIR", root.to_str().unwrap())]).unwrap();
    places.make().unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&places.state), mode(&root)), (0o700, 0o700));
    std::fs::set_permissions(&places.state, std::fs::Permissions::from_mode(0o755)).unwrap();
    places.make().unwrap();
    assert_eq!(mode(&places.state), 0o700);
    std::fs::remove_dir(&places.state).unwrap();
    std::os::unix::fs::symlink("/tmp", &places.state).unwrap();
    assert!(matches!(places.make(), Err(PlaceError::NotOurs(_))));
}

#[test]
fn the_second_is_told_who_was_first() {
    let folder = tempfile::tempdir().unwrap();
    let first = Lock::take(folder.path()).unwrap();
    let me = i32::try_from(std::process::id()).unwrap();
    match Lock::take(folder.path()) {
        Err(LockError::Held(pid)) => assert_eq!(pid, Some(me)),
        other => panic!("{other:?}"),
    }
    drop(first);
    // A child that another test is just making may hold the lock a moment longer.
    drop(crate::ward::eventually("the lock", || Lock::take(folder.path()).ok()));
}

#[test]
fn the_clock_leaves_out_what_was_slept() {
    let mut clock = Clock::start();
    let before = clock.now();
    assert!(before.wall.0 > 1_700_000_000_000);
    nix::poll::poll(&mut [], 50_u16).unwrap();
    assert!(clock.now().mono.since(before.mono) >= Duration::from_millis(50));
    clock.skip(Duration::from_millis(50));
    assert!(clock.now().mono >= before.mono);
    assert!(clock.now().mono.since(before.mono) < Duration::from_secs(20));
}

#[test]
fn two_seeds_differ() {
    assert_ne!(random::seed().unwrap(), random::seed().unwrap());
}
