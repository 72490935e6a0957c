//! A theme and a colour depth into ratatui's styles. Not: reading theme files.

use ratatui::style::{Color, Modifier, Style};

use crate::config::{Hue, Look, Role, Theme};
use crate::ui::Depth;

const ROLES: usize = Role::ALL.len();

/// The style of each role, as the terminal can show it.
#[derive(Debug)]
pub(super) struct Palette {
    styles: [Style; ROLES],
    depth: Depth,
}

impl Palette {
    /// The looks of a theme, in at most `depth` colours.
    pub(super) fn new(theme: &Theme, depth: Depth) -> Self {
        let mut styles = [Style::new(); ROLES];
        for (role, look) in &theme.looks {
            styles[*role as usize] = style(*look, depth);
        }
        Self { styles, depth }
    }

    /// The style of a role.
    pub(super) fn of(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// A colour of a job's own, as the terminal can show it.
    pub(super) fn colour(&self, colour: Color) -> Color {
        fit(colour, self.depth)
    }

    /// Colours of a job's own, as the terminal can show them.
    pub(super) fn fit(&self, style: Style) -> Style {
        let depth = self.depth;
        Style { fg: style.fg.map(|c| fit(c, depth)), bg: style.bg.map(|c| fit(c, depth)), ..style }
    }
}

fn style(look: Look, depth: Depth) -> Style {
    let attributes = [
        (look.bold, Modifier::BOLD),
        (look.dim, Modifier::DIM),
        (look.italic, Modifier::ITALIC),
        (look.underline, Modifier::UNDERLINED),
        (look.reverse, Modifier::REVERSED),
    ];
    let modifier = attributes.iter().filter(|(on, _)| *on).map(|(_, modifier)| *modifier).collect();
    let mut style = Style::new().add_modifier(modifier);
    style.fg = look.fg.map(|hue| fit(colour(hue), depth));
    style.bg = look.bg.map(|hue| fit(colour(hue), depth));
    style
}

fn colour(hue: Hue) -> Color {
    match hue {
        Hue::Default => Color::Reset,
        Hue::Indexed(index) => Color::Indexed(index),
        Hue::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
    }
}

fn fit(colour: Color, depth: Depth) -> Color {
    match (depth, colour) {
        (Depth::None, _) => Color::Reset,
        (Depth::Ansi16, Color::Rgb(r, g, b)) => Color::Indexed(nearest_of_16([r, g, b])),
        (Depth::Ansi16, Color::Indexed(index @ 16..)) => Color::Indexed(nearest_of_16(rgb(index))),
        (Depth::Indexed, Color::Rgb(r, g, b)) => Color::Indexed(nearest_of_256([r, g, b])),
        _ => colour,
    }
}

/// The six levels of each side of the 256-colour cube, as xterm has them.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The 16 colours as VGA and most palettes have them, near enough to choose by.
const SIXTEEN: [[u8; 3]; 16] = [
    [0, 0, 0],
    [170, 0, 0],
    [0, 170, 0],
    [170, 85, 0],
    [0, 0, 170],
    [170, 0, 170],
    [0, 170, 170],
    [170, 170, 170],
    [85, 85, 85],
    [255, 85, 85],
    [85, 255, 85],
    [255, 255, 85],
    [85, 85, 255],
    [255, 85, 255],
    [85, 255, 255],
    [255, 255, 255],
];

fn rgb(index: u8) -> [u8; 3] {
    match index {
        0..16 => SIXTEEN[usize::from(index)],
        16..232 => {
            let cube = index - 16;
            [cube / 36, cube / 6 % 6, cube % 6].map(|side| LEVELS[usize::from(side)])
        }
        grey => [8 + 10 * (grey - 232); 3],
    }
}

fn nearest_of_16(wanted: [u8; 3]) -> u8 {
    nearest(0..16, wanted)
}

fn nearest_of_256(wanted: [u8; 3]) -> u8 {
    nearest(16..=255, wanted)
}

fn nearest(among: impl Iterator<Item = u8>, wanted: [u8; 3]) -> u8 {
    among.min_by_key(|index| distance(rgb(*index), wanted)).unwrap_or(7)
}

fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_shrink_with_the_terminal() {
        let orange = Color::Rgb(255, 135, 0);
        assert_eq!(fit(orange, Depth::True), orange);
        assert_eq!(fit(orange, Depth::Indexed), Color::Indexed(208));
        assert_eq!(fit(Color::Rgb(250, 90, 80), Depth::Ansi16), Color::Indexed(9));
        assert_eq!(fit(Color::Indexed(3), Depth::Ansi16), Color::Indexed(3));
        assert_eq!(fit(Color::Indexed(3), Depth::None), Color::Reset);
    }

    #[test]
    fn a_role_without_a_look_is_plain() {
        let palette = Palette::new(&Theme::default(), Depth::True);
        assert_eq!(palette.of(Role::Failed), Style::new());
    }
}
