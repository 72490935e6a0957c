//! Synchronised output (mode 2026): while a program says that it is in the middle of an update, the screen before it is shown. Not:
//! for how long, which is up to who shows it.

use super::body::Body;
use super::joint::Joint;
use super::line::Moment;

/// Whether an update is under way.
pub(super) enum Update {
    None,
    /// What was on the screen before it.
    UnderWay(Box<Held>),
    /// None, but one began and ended in this chunk: should another begin before the chunk ends, what stood before the first is as good, since
    /// nobody looks between. So a flood of updates costs one copy a chunk.
    Ended(Box<Held>),
}

/// A screen as it was.
pub(super) struct Held {
    pub(super) screen: vt100::Screen,
    pub(super) joint: Option<Joint>,
    pub(super) start: u64,
    pub(super) since: Moment,
    /// It was taken in this chunk.
    fresh: bool,
}

impl Update {
    /// What is shown instead of the present screen.
    pub(super) fn held(&self) -> Option<&Held> {
        match self {
            Self::UnderWay(held) => Some(held),
            Self::None | Self::Ended(_) => None,
        }
    }

    /// Somebody may have looked since the last chunk.
    #[inline]
    pub(super) fn chunk_begins(&mut self) {
        match self {
            Self::Ended(_) => *self = Self::None,
            Self::UnderWay(held) => held.fresh = false,
            Self::None => {}
        }
    }
}

impl Body {
    /// An update begins.
    pub(super) fn hold(&mut self) {
        self.update = match std::mem::replace(&mut self.update, Update::None) {
            Update::UnderWay(held) | Update::Ended(held) => Update::UnderWay(held),
            Update::None => {
                self.flush();
                let Some(parser) = &self.parser else { return };
                Update::UnderWay(Box::new(Held {
                    screen: parser.screen().clone(),
                    joint: self.joint(),
                    start: self.screen_start(),
                    since: self.now,
                    fresh: true,
                }))
            }
        };
    }

    /// An update ends.
    pub(super) fn release(&mut self) {
        self.update = match std::mem::replace(&mut self.update, Update::None) {
            Update::UnderWay(held) | Update::Ended(held) if held.fresh => Update::Ended(held),
            Update::UnderWay(_) | Update::Ended(_) | Update::None => Update::None,
        };
    }
}
