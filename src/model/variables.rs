//! The environment of a launch as people read it: where each variable comes from, and no secrets. Not: making it (`launch`).

use crate::model::launch::{Ground, Owner};
use crate::model::{Origin, RunId, Variable};

/// Words in the names of variables that look secret (behaviour.md, Security).
const SECRET: [&str; 4] = ["TOKEN", "SECRET", "PASSWORD", "KEY"];

impl Ground {
    /// The environment of a launch, in the order of the names.
    pub(super) fn variables(&self, owner: Owner<'_>, run: RunId) -> Vec<Variable> {
        let launch = owner.launch;
        let ours = self.ours(owner, run).map(|(name, _)| name);
        let variables = self.environment_of(owner, launch, run).into_iter();
        let read = variables.map(|(name, value)| {
            let name = name.to_string_lossy().into_owned();
            let origin = if ours.contains(&name.as_str()) {
                Origin::Zap
            } else if launch.env.contains_key(&name) {
                Origin::File
            } else {
                Origin::Inherited
            };
            let value =
                if is_secret(&name) { "***".to_owned() } else { value.to_string_lossy().into_owned() };
            Variable { name, value, origin }
        });
        read.collect()
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    SECRET.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn a_name_that_looks_secret_is_one_in_any_case() {
        assert!(["GITHUB_TOKEN", "api_key", "DbPassword", "CLIENT_SECRET_ID"].into_iter().all(is_secret));
        assert!(["PATH", "HOME", "PORT"].into_iter().all(|name| !is_secret(name)));
    }
}
