//! Which colours a job is told of that asks for those of its terminal: those that the theme is made for. Not: how zap looks.

use crate::config::{Hue, Role, Theme};

/// Red, green and blue.
pub(crate) type Rgb = (u8, u8, u8);

/// What is written in which colour on what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ground {
    pub(crate) foreground: Rgb,
    pub(crate) background: Rgb,
}

const DARK: Ground = Ground { foreground: (0xe0, 0xe0, 0xe0), background: (0, 0, 0) };
const LIGHT: Ground = Ground { foreground: (0, 0, 0), background: (0xff, 0xff, 0xff) };

impl Ground {
    /// The ground that a theme is made for. One that leaves the colours to the terminal goes with what `COLORFGBG` tells of it; dark
    /// if nothing does.
    pub(crate) fn of(theme: &Theme, colorfgbg: Option<&str>) -> Self {
        // A selected row differs little from the ground it lies on.
        let selected = theme.looks.get(&Role::Selected).and_then(|look| look.bg);
        let light = match selected {
            Some(Hue::Rgb(r, g, b)) => {
                u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114 > 127 * 1000
            }
            Some(Hue::Default | Hue::Indexed(_)) | None => {
                let behind = colorfgbg.and_then(|colours| colours.rsplit(';').next());
                matches!(behind, Some("7" | "15"))
            }
        };
        if light { LIGHT } else { DARK }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Look;

    fn theme(bg: Option<Hue>) -> Theme {
        let looks = [(Role::Selected, Look { bg, ..Look::default() })].into();
        Theme { description: String::new(), looks }
    }

    #[test]
    fn the_theme_says_what_it_lies_on_or_the_terminal_does() {
        for (bg, colorfgbg, ground) in [
            (Some(Hue::Rgb(0xcf, 0xdc, 0xf3)), None, LIGHT),
            (Some(Hue::Rgb(0x3a, 0x42, 0x56)), Some("0;15"), DARK),
            (None, None, DARK),
            (None, Some("15;0"), DARK),
            (Some(Hue::Indexed(4)), Some("0;default;15"), LIGHT),
            (Some(Hue::Default), Some("0;7"), LIGHT),
            (None, Some("default"), DARK),
        ] {
            assert_eq!(Ground::of(&theme(bg), colorfgbg), ground, "{bg:?} {colorfgbg:?}");
        }
    }
}
