//! What somebody beside the jobs finds: the environment, and the folders in which files are looked for. Not: looking
//! (`app/finder`).

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::app::clipboard::Between;
use crate::app::finder::Wanted;
use crate::ui::Mention;

/// What somebody beside the jobs finds, and where files are looked for.
pub(in crate::app) struct Home {
    /// zap's own environment.
    pub(in crate::app) env: Vec<(OsString, OsString)>,
    /// Where zap was started.
    pub(in crate::app) folder: PathBuf,
    /// The folder of the configuration file.
    pub(in crate::app) config: PathBuf,
    /// A folder of ours alone, made when it is needed, for files that nobody else reads. On the disk: they may be large.
    pub(in crate::app) scratch: PathBuf,
}

impl Home {
    /// A variable of the environment, unless it is empty.
    pub(in crate::app) fn variable(&self, name: &str) -> Option<&OsStr> {
        let found = self.env.iter().find(|(variable, _)| variable == name);
        found.map(|(_, value)| value.as_os_str()).filter(|value| !value.is_empty())
    }

    /// A file as a person types it: `~` is home, and what is relative begins where zap was started.
    pub(in crate::app) fn file(&self, typed: &str) -> PathBuf {
        match (typed.strip_prefix("~/"), self.variable("HOME")) {
            (Some(below), Some(home)) => Path::new(home).join(below),
            (Some(_) | None, _) => self.folder.join(typed),
        }
    }

    /// Where the files may lie that a job of this folder mentions.
    pub(in crate::app) fn wanted(&self, mentions: Vec<Mention>, job: &Path) -> Wanted {
        let folders = [job, &self.config, &self.folder];
        let missed = mentions.first().map_or("", |mention| &mention.file);
        let looked = if Path::new(missed).is_absolute() { String::new() } else { looked(folders) };
        let missing = format!("{missed} is not there{looked}");
        let places = |mention: Mention| {
            let places = folders.iter().map(|folder| folder.join(&mention.file));
            let home = mention.file.starts_with("~/").then(|| self.file(&mention.file));
            (places.chain(home).collect(), mention)
        };
        Wanted { files: mentions.into_iter().map(places).collect(), missing }
    }

    /// Who stands between zap and the terminal.
    pub(in crate::app) fn between(&self) -> Between {
        Between::of(|name| self.variable(name))
    }
}

/// `, neither in /a nor in /b`: each folder once.
fn looked(folders: [&Path; 3]) -> String {
    let mut places: Vec<String> = Vec::new();
    for folder in folders.map(|folder| folder.display().to_string()) {
        if !places.contains(&folder) {
            places.push(folder);
        }
    }
    match &places[..] {
        [only] => format!(" in {only}"),
        places => format!(", neither in {}", places.join(" nor in ")),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn files_are_found_in_the_folder_of_the_job_then_of_the_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["job", "config", "here"] {
            fs::create_dir(at(name)).unwrap();
        }
        fs::write(at("config/b.rs"), "").unwrap();
        fs::write(at("job/c.rs"), "").unwrap();
        let home = Home { env: Vec::new(), folder: at("here"), config: at("config"), scratch: at("tmp") };
        let mention = |file: &str| Mention { file: file.to_owned(), line: 1, column: None, at: 0..1 };
        let found = |files: &[&str]| {
            let mentions: Vec<_> = files.iter().map(|file| mention(file)).collect();
            home.wanted(mentions, &at("job")).find(Path::is_file).map(|place| place.file)
        };
        assert_eq!(found(&["a.rs", "b.rs", "c.rs"]), Ok(at("config/b.rs")));
        assert_eq!(found(&["c.rs"]), Ok(at("job/c.rs")));
        let absolute = at("job/c.rs").display().to_string();
        assert_eq!(found(&[&absolute]), Ok(at("job/c.rs")));
        let [job, config, here] = ["job", "config", "here"].map(|name| at(name).display().to_string());
        let all = format!("a.rs is not there, neither in {job} nor in {config} nor in {here}");
        assert_eq!(found(&["a.rs"]).unwrap_err(), all);
        assert_eq!(found(&["/no/such.rs"]).unwrap_err(), "/no/such.rs is not there");
        let missing = |home: Home, job: &str| home.wanted(vec![mention("a.rs")], &at(job)).missing;
        let home = |folder: &str, config: &str| Home {
            env: Vec::new(),
            folder: at(folder),
            config: at(config),
            scratch: at("tmp"),
        };
        let twice = missing(home("here", "here"), "job");
        assert_eq!(twice, format!("a.rs is not there, neither in {job} nor in {here}"));
        assert_eq!(missing(home("job", "job"), "job"), format!("a.rs is not there in {job}"));
    }
}
