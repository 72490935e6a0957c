//! Terminals that nobody looks at give back what is only needed for looking. Not: who looks at which (`ui`).

use crate::model::InstanceId;
use crate::ui::Terminals;

/// To be called with each frame: who was looked at before it, and who is now. Lines of the others may be read too, by a search in all
/// jobs above all: what was unpacked for that goes once a frame has not read any.
pub(super) fn rest_others(terminals: &mut Terminals, before: &[InstanceId], now: &[InstanceId]) {
    for (instance, terminal) in terminals {
        if now.contains(instance) {
            continue;
        }
        if before.contains(instance) {
            terminal.rest();
        } else {
            terminal.rest_unread();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::terminal::{Fed, Files, Moment, Past, Terminal};

    const ONE: InstanceId = InstanceId(1);
    const OTHER: InstanceId = InstanceId(2);

    /// Lines on the disk, none of which was read yet.
    fn stored(folder: &Path) -> Terminal {
        let (past, mut scribe) = Past::open(folder);
        let (mut terminal, mut disk) = (Terminal::new(10, 60), Files::default());
        terminal.recall(past, 100_000_000);
        terminal.begin_run(1, None, Moment(0));
        let lines: String = (0..50_000).map(|number| format!("line {number} of many\r\n")).collect();
        terminal.feed(lines.as_bytes(), Moment(0), &mut Fed::default());
        for package in terminal.packages() {
            let written = scribe.write(&package, &mut disk).unwrap();
            terminal.written(written.as_slice());
        }
        terminal.rest();
        terminal
    }

    /// Files of a folder that this process has open.
    fn open_files(folder: &Path) -> usize {
        let files = fs::read_dir("/proc/self/fd").unwrap().flatten();
        files
            .filter_map(|file| fs::read_link(file.path()).ok())
            .filter(|path| path.starts_with(folder))
            .count()
    }

    fn read(terminals: &Terminals, instance: InstanceId) {
        for number in [10, 20_000] {
            assert_eq!(terminals[&instance].line(number).unwrap().text(), format!("line {number} of many"));
        }
    }

    #[test]
    fn who_is_looked_at_no_more_holds_no_block_and_no_file() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let [one, other] = folders.each_ref().map(|folder| fs::canonicalize(folder.path()).unwrap());
        let mut terminals = Terminals::from([(ONE, stored(&one)), (OTHER, stored(&other))]);
        let resting = terminals[&ONE].memory();
        assert_eq!(open_files(&one) + open_files(&other), 0);
        read(&terminals, ONE);
        read(&terminals, OTHER);
        let awake = terminals[&ONE].memory();
        assert!(awake > resting + 100_000, "{awake} bytes, {resting} at rest");
        // A person goes from the one to the other.
        rest_others(&mut terminals, &[ONE], &[OTHER]);
        assert_eq!((terminals[&ONE].memory(), open_files(&one)), (resting, 0));
        assert_eq!((terminals[&OTHER].memory(), open_files(&other)), (awake, 1));
    }

    #[test]
    fn who_is_only_read_rests_once_nobody_reads() {
        let folder = tempfile::tempdir().unwrap();
        let place = fs::canonicalize(folder.path()).unwrap();
        let mut terminals = Terminals::from([(ONE, Terminal::new(10, 60)), (OTHER, stored(&place))]);
        let resting = terminals[&OTHER].memory();
        for _ in 0..3 {
            // A list of what was found in all jobs is on the screen.
            read(&terminals, OTHER);
            let awake = terminals[&OTHER].memory();
            assert!(awake > resting + 100_000, "{awake} bytes, {resting} at rest");
            rest_others(&mut terminals, &[ONE], &[ONE]);
            assert_eq!(terminals[&OTHER].memory(), awake, "the next frame need not unpack them again");
        }
        let revision = terminals[&OTHER].revision();
        rest_others(&mut terminals, &[ONE], &[ONE]);
        assert_eq!((terminals[&OTHER].memory(), open_files(&place)), (resting, 0));
        assert_eq!(terminals[&OTHER].revision(), revision, "nothing that is shown has changed");
    }
}
