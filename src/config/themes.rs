//! The themes that are compiled in. Not: themes in folders (see `load`).

use std::sync::Arc;

use super::theme::Theme;
use super::theme_file;
use crate::problem::Source;

/// Name and text of each, the default first.
const SHIPPED: &[(&str, &str)] = &[
    ("terminal", include_str!("../../themes/terminal.toml")),
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("plain", include_str!("../../themes/plain.toml")),
];

/// The names of the themes that are compiled in, the default first.
pub fn shipped_themes() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

impl Theme {
    /// The theme of this name that is compiled in.
    pub fn shipped(name: &str) -> Option<Self> {
        let (name, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
        let source = Arc::new(Source { name: format!("themes/{name}.toml"), text: (*text).to_owned() });
        Some(theme_file::read(&source).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::theme::{Hue, Role};
    use crate::problem::{Paint, draw_all};

    #[test]
    fn every_shipped_theme_has_a_look_for_every_role() {
        for (name, text) in SHIPPED {
            let source = Arc::new(Source { name: (*name).to_owned(), text: (*text).to_owned() });
            let (theme, problems) = theme_file::read(&source);
            assert!(problems.is_empty(), "{}", draw_all(&problems, Paint::Plain));
            assert!(!theme.description.is_empty(), "{name}");
            for role in Role::ALL {
                assert!(theme.looks.contains_key(&role), "{name} has no look for {}", role.name());
            }
        }
    }

    #[test]
    fn the_default_uses_only_what_the_terminal_has_and_plain_no_colour() {
        let hues = |name: &str| -> Vec<Hue> {
            let theme = Theme::shipped(name).unwrap();
            theme.looks.values().flat_map(|look| [look.fg, look.bg]).flatten().collect()
        };
        assert!(hues("terminal").iter().all(|hue| matches!(hue, Hue::Default | Hue::Indexed(0..=15))));
        assert!(hues("plain").is_empty());
    }
}
