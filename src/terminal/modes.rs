//! In which modes a terminal is, for programs that ask (DECRQM), and what else a program wants to be told. Sets none.

use vt100::{MouseProtocolEncoding, MouseProtocolMode};

use super::body::Body;

/// What a program wants to be told beside keys, and vt100 does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// Gaining and losing the focus (mode 1004).
    pub focus: bool,
    /// The wheel is not to become arrow keys on the alternate screen (mode 1007 reset).
    pub still_wheel: bool,
}

impl Body {
    /// Whether a mode of DEC's or xterm's is set; nothing for one that is not known here.
    pub(super) fn private_mode(&mut self, mode: u16) -> Option<bool> {
        self.flush();
        let modes = self.painted.modes();
        let alternate = self.painted.under.is_some();
        let origin = self.painted.grid().is_origin();
        let blank;
        let screen = if let Some(parser) = &self.parser {
            parser.screen()
        } else {
            blank = self.new_parser();
            blank.screen()
        };
        let mouse = screen.mouse_protocol_mode();
        let encoding = screen.mouse_protocol_encoding();
        Some(match mode {
            1 => screen.application_cursor(),
            6 => origin,
            7 => !modes.no_wrap,
            9 => mouse == MouseProtocolMode::Press,
            25 => !screen.hide_cursor(),
            47 | 1047 | 1049 => alternate,
            66 => screen.application_keypad(),
            1000 => mouse == MouseProtocolMode::PressRelease,
            1002 => mouse == MouseProtocolMode::ButtonMotion,
            1003 => mouse == MouseProtocolMode::AnyMotion,
            1004 => self.painted.asked.focus,
            1005 => encoding == MouseProtocolEncoding::Utf8,
            1006 => encoding == MouseProtocolEncoding::Sgr,
            1007 => !self.painted.asked.still_wheel,
            2004 => screen.bracketed_paste(),
            2026 => self.update.held().is_some(),
            _ => return None,
        })
    }

    /// Whether a mode of ANSI's is set; nothing for one that is not known here.
    pub(super) fn ansi_mode(&self, mode: u16) -> Option<bool> {
        match mode {
            4 => Some(self.painted.modes().insert),
            20 => Some(self.painted.modes().newline_returns),
            _ => None,
        }
    }
}
