//! Settings of the file that were read anew while the eye is open. Not: those that it was opened with (`options`).

use crate::config::{Bindings, Quit, Theme};
use crate::ui::Ui;
use crate::ui::keys::Keys;
use crate::ui::theme::Palette;

impl Ui {
    /// From now on it looks like this theme, and keys and the mouse do what these say.
    pub fn change(&mut self, theme: Theme, keys: Bindings, quit: Quit, mouse: bool) {
        self.palette = Palette::new(&theme, self.options.colours);
        self.keys = Keys::new(&keys);
        self.options.theme = theme;
        self.options.keys = keys;
        self.options.quit = quit;
        self.options.mouse = mouse;
    }
}
