//! Where the file and its theme are found, and which are not taken. Not: what they say.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::project::{empty, project};
use zap::config::{By, LoadError, Theme, load};

const SMALL: &str = "[systems.a.jobs]\nx = \"true\"\n";

#[test]
fn the_nearest_file_above_is_taken() {
    let project = project(SMALL);
    let mut request = project.request();
    request.folder = project.path().join("app/web");
    let loaded = load(&request).unwrap();
    assert_eq!(loaded.plan.file, project.path().join("systems.toml"));
    assert_eq!(loaded.found.by, By::WalkingUp);
    assert_eq!(loaded.plan.systems[0].jobs[0].launch.as_ref().unwrap().work_dir, project.path());
}

#[test]
fn a_named_file_wins_and_its_folder_is_the_base() {
    let project = project(SMALL);
    project.write("app/other.toml", SMALL);
    let mut request = project.request();
    request.file = Some(PathBuf::from("./app/other.toml"));
    let loaded = load(&request).unwrap();
    assert_eq!(loaded.plan.file, project.path().join("app/other.toml"));
    assert_eq!(loaded.plan.systems[0].jobs[0].launch.as_ref().unwrap().work_dir, project.path().join("app"));
}

#[test]
fn jobs_of_the_file_for_everywhere_start_where_zap_was_called() {
    let project = empty();
    project.write("home/.config/zap/systems.toml", SMALL);
    let mut request = project.request();
    request.folder = project.path().join("app");
    let loaded = load(&request).unwrap();
    assert_eq!(loaded.found.by, By::Home);
    assert_eq!(loaded.plan.systems[0].jobs[0].launch.as_ref().unwrap().work_dir, project.path().join("app"));
}

#[test]
fn no_file_tells_where_it_was_looked_for() {
    insta::assert_snapshot!(empty().told());
}

#[test]
fn a_named_file_that_is_not_there_or_a_folder_is_told() {
    let project = project(SMALL);
    let told = |name: &str| {
        let mut request = project.request();
        request.file = Some(PathBuf::from(name));
        load(&request).unwrap_err().to_string().replace(project.path().to_str().unwrap(), "/project")
    };
    assert_eq!(told("none.toml"), "cannot read /project/none.toml: no such file");
    assert_eq!(told("app"), "cannot read /project/app: it is a folder");
}

#[test]
fn a_file_that_everybody_may_write_must_be_named() {
    let project = project(SMALL);
    let file = project.path().join("systems.toml");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
    assert!(matches!(project.load(), Err(LoadError::NotTrusted { .. })));
    insta::assert_snapshot!(project.told());
    let mut request = project.request();
    request.file = Some(file);
    assert!(load(&request).is_ok());
}

#[test]
fn a_file_of_another_user_must_be_named() {
    let project = project(SMALL);
    let mut request = project.request();
    if nix::unistd::Uid::effective().is_root() {
        // Root's files are taken by everybody, so this one must become somebody else's.
        let file = project.path().join("systems.toml");
        nix::unistd::chown(&file, Some(nix::unistd::Uid::from_raw(54321)), None).unwrap();
    } else {
        request.user += 1;
    }
    assert!(matches!(load(&request), Err(LoadError::NotTrusted { .. })));
    request.file = Some(PathBuf::from("systems.toml"));
    assert!(load(&request).is_ok());
}

#[test]
fn a_theme_beside_the_file_comes_before_the_users_and_the_shipped_ones() {
    let project = project(&format!("[zap]\ntheme = \"dark\"\n{SMALL}"));
    assert_eq!(project.loaded().theme, Theme::shipped("dark").unwrap());
    project.write("home/.config/zap/themes/dark.toml", "description = \"mine\"\n[looks]\n");
    assert_eq!(project.loaded().theme.description, "mine");
    project.write("themes/dark.toml", "description = \"nearer\"\n[looks]\n");
    assert_eq!(project.loaded().theme.description, "nearer");
}
