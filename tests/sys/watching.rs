//! Files that are watched, and the wall clock.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use zap::sys::{Clock, ClockSet, Watch};

use crate::ward::LIMIT;

/// Longer than a watch is silent after the last change.
const SETTLED: Duration = Duration::from_millis(400);
/// What takes no longer is one change: a watch is silent for 150 ms before it tells.
const AT_ONCE: Duration = Duration::from_millis(100);
/// A change that never rests is told after so long.
const PATIENCE: Duration = Duration::from_secs(1);

fn watch(files: &[&Path]) -> (Watch, Receiver<()>) {
    let (tell, told) = channel();
    let files: Vec<_> = files.iter().map(|&file| file.to_owned()).collect();
    (Watch::start(&files, move || _ = tell.send(())).unwrap(), told)
}

/// Does something, which is told, and once only. But where the machine was so busy that it became several changes.
#[track_caller]
fn once(told: &Receiver<()>, what: &str, change: impl FnOnce()) {
    let clock = Clock::start();
    change();
    let took = clock.now().mono.0;
    assert!(told.recv_timeout(LIMIT).is_ok(), "{what} was not told");
    while told.recv_timeout(SETTLED).is_ok() {
        assert!(took > AT_ONCE, "{what} was told twice");
    }
}

#[track_caller]
fn never(told: &Receiver<()>, what: &str) {
    assert!(told.recv_timeout(SETTLED).is_err(), "{what} was told");
}

#[test]
fn each_way_to_change_a_file_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("systems.toml");
    fs::write(&file, "1").unwrap();
    let (_watch, told) = watch(&[&file]);
    once(&told, "a file that is written", || fs::write(&file, "2").unwrap());
    let other = folder.path().join(".systems.toml.swp");
    fs::write(&other, "3").unwrap();
    never(&told, "another file");
    once(&told, "a file that is put in its place", || fs::rename(&other, &file).unwrap());
    once(&told, "the file that was put in its place", || fs::write(&file, "4").unwrap());
    let aside = folder.path().join("systems.toml~");
    once(&told, "a file that is put aside", || fs::rename(&file, aside).unwrap());
    once(&told, "a file that is there again", || fs::write(&file, "5").unwrap());
    once(&told, "a file that is removed", || fs::remove_file(&file).unwrap());
    fs::read_dir(folder.path()).unwrap();
    never(&told, "a look");
}

#[test]
fn many_changes_are_one() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let (_watch, told) = watch(&[&one, &two]);
    once(&told, "a lot of changes", || {
        for round in 0..100 {
            for file in [&one, &two] {
                fs::write(file, round.to_string()).unwrap();
            }
        }
    });
}

#[test]
fn a_file_that_never_rests_is_told_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let (_watch, told) = watch(&[&file]);
    let clock = Clock::start();
    let now = || clock.now().mono.0;
    let (mut last, mut rest) = (Duration::ZERO, Duration::ZERO);
    while told.try_recv().is_err() {
        assert!(last < LIMIT, "never told");
        fs::write(&file, "x").unwrap();
        nix::poll::poll(&mut [], 20_u16).unwrap();
        rest = rest.max(now() - last);
        last = now();
    }
    // On a busy machine it may have rested all the same.
    assert!(last >= PATIENCE || rest > AT_ONCE, "told in the middle of a change: after {last:?}");
}

#[test]
fn where_a_link_leads_is_watched_too() {
    let top = tempfile::tempdir().unwrap();
    let (here, there) = (top.path().join("here"), top.path().join("there"));
    for folder in [&here, &there.join("one"), &there.join("two")] {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("real"), "1").unwrap();
    }
    // As Kubernetes puts files into a container: the file is a link through a link, which is replaced.
    symlink(there.join("one"), there.join("data")).unwrap();
    symlink(there.join("data/real"), here.join("file")).unwrap();
    let (_watch, told) = watch(&[&here.join("file")]);
    once(&told, "the file behind the link", || fs::write(there.join("one/real"), "2").unwrap());
    symlink(there.join("two"), there.join("next")).unwrap();
    never(&told, "another link");
    once(&told, "another link in its place", || {
        fs::rename(there.join("next"), there.join("data")).unwrap();
    });
    once(&told, "the file behind the other link", || fs::write(there.join("two/real"), "3").unwrap());
    fs::write(there.join("one/real"), "4").unwrap();
    never(&told, "the file that was meant before");
    symlink("circle", here.join("circle")).unwrap();
    drop(watch(&[&here.join("circle")]));
}

#[test]
fn a_folder_that_goes_and_comes_is_watched_again() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("folder");
    let file = folder.join("file");
    let (_watch, told) = watch(&[&file]);
    let comes = |text: &str| {
        // In one piece: a folder is looked for now and then, and may be found before its file is there.
        let fresh = top.path().join("fresh");
        fs::create_dir(&fresh).unwrap();
        fs::write(fresh.join("file"), text).unwrap();
        fs::rename(&fresh, &folder).unwrap();
    };
    once(&told, "a folder that comes", || comes("1"));
    once(&told, "a file in a folder that came", || fs::write(&file, "2").unwrap());
    once(&told, "a folder that goes", || fs::rename(&folder, top.path().join("aside")).unwrap());
    once(&told, "a folder that comes again", || comes("3"));
}

#[test]
fn a_watch_that_is_dropped_ends_its_thread() {
    let folder = tempfile::tempdir().unwrap();
    let (files, told) = watch(&[&folder.path().join("file")]);
    drop(files);
    assert!(
        told.recv_timeout(LIMIT).is_err_and(|error| error == std::sync::mpsc::RecvTimeoutError::Disconnected)
    );
    let (tell, told) = channel::<()>();
    drop(ClockSet::start(move || _ = tell.send(())).unwrap());
    assert!(
        told.recv_timeout(LIMIT).is_err_and(|error| error == std::sync::mpsc::RecvTimeoutError::Disconnected)
    );
}

/// Setting a clock, if only to what it is, is felt by all of the machine (it forgets how it was kept in step): only where
/// somebody says that the machine is there for it, by `ZAP_TEST_SET_CLOCK=1`.
#[test]
fn a_clock_that_is_set_is_told_each_time() {
    if std::env::var_os("ZAP_TEST_SET_CLOCK").is_none() {
        println!("skipped: ZAP_TEST_SET_CLOCK is not set");
        return;
    }
    let (tell, told) = channel::<()>();
    let _clock = ClockSet::start(move || _ = tell.send(())).unwrap();
    assert!(told.recv_timeout(Duration::from_millis(200)).is_err(), "nothing has happened");
    for _ in 0..3 {
        // To what it is: it loses a microsecond.
        let real = nix::time::ClockId::CLOCK_REALTIME;
        let now = nix::time::clock_gettime(real).unwrap();
        if nix::time::clock_settime(real, now).is_err() {
            return crate::ward::skip("the clock may not be set");
        }
        assert!(told.recv_timeout(LIMIT).is_ok(), "not told");
    }
}
