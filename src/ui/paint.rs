//! What everything that draws needs: looks, signs, keys, the present. Not: what is drawn.

use ratatui::style::Style;

use crate::config::Role;
use crate::model::{Now, Wall};
use crate::ui::keys::Keys;
use crate::ui::options::Zone;
use crate::ui::signs::Signs;
use crate::ui::theme::Palette;

/// Looks, signs, keys, and the present.
pub(super) struct Paint<'a> {
    /// The look of each role.
    pub(super) palette: &'a Palette,
    /// The signs that the terminal can show.
    pub(super) signs: &'static Signs,
    /// The keys in force.
    pub(super) keys: &'a Keys,
    /// The present.
    pub(super) now: Now,
    /// The local time zone.
    pub(super) zone: &'a Zone,
}

impl Paint<'_> {
    /// The look of a role.
    pub(super) fn of(&self, role: Role) -> Style {
        self.palette.of(role)
    }

    /// A clock time as it is read here.
    pub(super) fn clock(&self, at: Wall) -> String {
        crate::ui::age::clock(at, (self.zone)(at))
    }
}
