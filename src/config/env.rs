//! Tables of environment variables. Not: the environment zap itself has.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::gather::Gather;
use super::table::entries;
use super::value::Entry;

/// Variables to set (`Some`) or to remove (`None`).
pub(super) type Env = BTreeMap<String, Option<String>>;

/// Reads `env`: strings set, `false` removes.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<Env> {
    let table = entry.table(gather)?;
    let mut env = Env::new();
    for variable in entries(table) {
        if !is_name(&variable, gather) {
            continue;
        }
        let value = match variable.value.get_ref() {
            DeValue::Boolean(false) => Some(None),
            DeValue::Boolean(true) | DeValue::Integer(_) | DeValue::Float(_) => {
                let written = gather.text().get(variable.span()).unwrap_or_default().to_owned();
                let message = format!("the value of `{}` takes a string, not `{written}`", variable.name);
                gather.hinted(
                    variable.span(),
                    message,
                    format!("write `\"{written}\"`; `false` alone removes it"),
                );
                None
            }
            _ => variable.string(gather).map(|value| Some(value.into_inner())),
        };
        if let Some(value) = value {
            env.insert(variable.name.to_owned(), value);
        }
    }
    Some(env)
}

fn is_name(variable: &Entry<'_>, gather: &mut Gather) -> bool {
    let name = variable.name;
    let fault = if name.is_empty() {
        "the name of a variable cannot be empty"
    } else if name.contains('=') {
        "the name of a variable cannot hold `=`"
    } else if name.contains('\0') {
        "the name of a variable cannot hold a NUL character"
    } else {
        return true;
    };
    gather.error(variable.key.clone(), fault);
    false
}
