//! Settings of the file that were read anew while the eye is open. Not: those that it was opened with (`options`).

use crate::config::{Quit, Theme};
use crate::ui::Ui;
use crate::ui::theme::Palette;

impl Ui {
    /// From now on it looks like this theme, and the key that quits and the mouse do what these say.
    pub fn change(&mut self, theme: Theme, quit: Quit, mouse: bool) {
        self.palette = Palette::new(&theme, self.options.colours);
        self.options.theme = theme;
        self.options.quit = quit;
        self.options.mouse = mouse;
    }
}
