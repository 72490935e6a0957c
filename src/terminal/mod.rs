//! Bytes into cells and lines. Pure: no clock, and no IO but that of the history on the disk.
//!
//! `face` is the terminal as others see it. What a program writes goes through the `filter` (tokens; nothing harmful is left) into
//! its `body`: either straight into the `history` as lines while it is plain (`lazy`), or through a vt100 parser while it paints
//! (`painted`, `scrolled`, `reflow`; what needs no other words goes around the filter: `verbatim`).
//! Both ways lead to the same screen and the same lines, of which those on the screen are `standing`. `cells` is the form in which lines are kept, `wrap` knows where
//! they break, `keeping` what of the lines goes to the disk, `contain` keeps a panic of the parser from ending more than that
//! screen. Beside the stream: `search` over all lines, `excerpt` for lines that leave zap, `keys` for the way back to the program,
//! `text` for a terminal that is no screen.

mod attrs;
mod body;
mod cells;
mod charset;
mod contain;
mod excerpt;
mod face;
mod filter;
mod held;
mod history;
mod joint;
mod keeping;
pub mod keys;
mod lazy;
mod line;
mod marks;
mod modes;
mod painted;
mod palette;
mod reflow;
mod replies;
mod scrolled;
pub mod search;
mod sgr;
mod shown;
mod standing;
pub mod text;
mod verbatim;
mod wrap;

pub use contain::containing;
pub use excerpt::Excerpt;
pub use face::Terminal;
#[doc(hidden)]
pub use filter::tokens;
pub use history::{
    Direction, Discarded, Disk, Files, Leaf, Package, Page, Past, Scribe, Stored, Tail, Written, stored,
};
pub use joint::Joint;
pub use line::{Fed, Line, LineKind, Mark, Moment, RunEnd, plain};
pub use modes::Asked;
pub use search::{Count, Errand, Filter, Filters, Matcher, Near, Pattern, Report, Sought, Tally};
pub use text::LineSplitter;
pub use wrap::{breaks, text_width, width};

use line::text_of;
