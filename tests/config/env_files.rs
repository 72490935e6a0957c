//! Env files: where they are looked for, what lies over what, and what is told about them. Not: each rule of their syntax
//! (see `src/config/env_file.rs`).

use zap::config::{find, load_found};

use super::project::{Project, job, project};

/// The value of a variable in the plan of a job.
fn value(project: &Project, address: &str, name: &str) -> Option<String> {
    let loaded = project.loaded();
    job(&loaded, address).launch.as_ref().unwrap().env.get(name).cloned().flatten()
}

#[test]
fn each_file_lies_below_the_env_of_its_level_and_over_the_level_below() {
    let project = project(
        r#"
        [env]
        A = "top"
        B = "top"
        [defaults]
        env-file = "defaults.env"
        env = { C = "defaults" }
        [systems.s]
        work-dir = "app"
        env-file = ["system.env", "more.env"]
        env = { E = "system" }
        defaults = { env-file = "inner.env" }
        [systems.s.jobs]
        plain = "x"
        own = { command = "x", env-file = "own.env", work-dir = "web", env = { H = "job" } }
        "#,
    );
    project.write("defaults.env", "B=defaults.env\nC=defaults.env\nD=defaults.env\n");
    project.write("app/system.env", "D=system.env\nE=system.env\nF=system.env\n");
    project.write("app/more.env", "F=more.env after $F and $A\n");
    project.write("app/inner.env", "G=inner.env\nH=inner.env\n");
    project.write("app/web/own.env", "G=own.env\nH=own.env\n");
    for (name, wanted) in [
        ("A", "top"),
        ("B", "defaults.env"),
        ("C", "defaults"),
        ("D", "system.env"),
        ("E", "system"),
        ("F", "more.env after system.env and top"),
        ("G", "inner.env"),
        ("H", "inner.env"),
    ] {
        assert_eq!(value(&project, "s/plain", name).as_deref(), Some(wanted), "{name}");
    }
    assert_eq!(value(&project, "s/own", "G").as_deref(), Some("own.env"));
    assert_eq!(value(&project, "s/own", "H").as_deref(), Some("job"));
}

#[test]
fn a_version_has_its_own_file_over_the_jobs_variables() {
    let project = project(
        r#"
        [systems.s.jobs.a]
        command = "x"
        env = { A = "job", B = "job" }
        versions = [{ apply-on = 2027-04-01T08:00:00, env-file = "v.env", env = { C = "version" } }]
        "#,
    );
    project.write("v.env", "B=v.env\nC=v.env\nD=$A\n");
    let loaded = project.loaded();
    let env = &job(&loaded, "s/a").versions[0].launch.env;
    let env: Vec<(&str, &str)> =
        env.iter().map(|(name, value)| (name.as_str(), value.as_deref().unwrap())).collect();
    assert_eq!(env, [("A", "job"), ("B", "v.env"), ("C", "version"), ("D", "job")]);
}

#[test]
fn no_file_is_read_that_is_not_named() {
    let project = project("[systems.s.jobs]\na = \"x\"\n");
    project.write(".env", "A=1\n");
    assert_eq!(value(&project, "s/a", "A"), None);
}

#[test]
fn what_is_wrong_with_a_file_is_told_at_its_own_place() {
    let project = project(
        r#"[systems.s]
env-file = "bad.env"
[systems.s.jobs]
a = { command = "x", env-file = ["none.env", "app", "latin.env"] }
b = { command = "x", env-file = "bad.env", comand = "y" }
c = { command = "x", env-file = 5 }
d = { command = "x", env-file = "$NONE/x" }
"#,
    );
    project.write("bad.env", "A=1\n1B=2\n\nC='two\nlines\nD=$(date) # not run\n");
    project.write("latin.env", b"A=\xe4\n");
    insta::assert_snapshot!(project.told());
}

#[test]
fn whoever_cannot_be_loaded_tells_what_might_repair_it() {
    let project =
        project("[zap]\ntheme = \"mine\"\n[systems.s.jobs]\na = { command = \"x\", env-file = \"a.env\" }\n");
    let request = project.request();
    let found = find(&request).unwrap();
    let files = || load_found(&found, &request).unwrap_err().files;
    let own = |name: &str| project.path().join(name);
    let themes = [own("themes/mine.toml"), own("home/.config/zap/themes/mine.toml")];
    let all = [&[own("systems.toml"), own("a.env")], &themes[..]].concat();
    assert_eq!(files(), all);
    project.write("a.env", "A=1\n");
    assert_eq!(files(), all, "the theme is still missing");
    project.write("systems.toml", b"\xff");
    assert_eq!(files(), [own("systems.toml")]);
}

#[test]
fn a_pipe_is_no_env_file_and_nobody_waits_for_it() {
    let project = project("[systems.s.jobs]\na = { command = \"x\", env-file = \"pipe\" }\n");
    nix::unistd::mkfifo(&project.path().join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert!(project.told().contains("pipe: it is not a plain file"), "{}", project.told());
}
