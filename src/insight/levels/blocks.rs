//! Lines in their order: of a panic, a traceback or a stack only the first line says its level. Not: single lines (`level`).

use super::level::{Level, level};
use super::thrown::named;

/// Hears lines one after the other. Begin anew wherever lines before are not known: at most one block that is cut there is told
/// twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Blocks {
    state: State,
}

/// What the line before belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Nothing is known of it: it may be the middle of a block.
    #[default]
    Start,
    /// The same, but it was indented.
    Middle,
    /// No block.
    Outside,
    /// A line that told of an error in words of its own: what was thrown may follow.
    Told,
    /// The same, and a blank line after it.
    ToldAndBlank,
    /// The first line of something thrown, or a frame of it.
    Stack,
    /// A Python traceback, before its last line.
    Traceback,
    /// After the last line of a traceback: another one may follow that was thrown while the first was handled.
    AfterTraceback,
    /// A panic of Rust: the message comes in the next line.
    RustMessage,
    /// A panic of Rust, after its message.
    Rust,
    /// A panic of Go.
    Go,
}

impl Blocks {
    /// Takes the next line, without colours and without its end, and gives the level that it says, unless it is a further line
    /// of a block.
    pub fn hear(&mut self, text: &str) -> Option<Level> {
        if self.goes_on(text) {
            return None;
        }
        let level = level(text);
        self.state = match level {
            Some(Level::Error) => opened(text),
            Some(Level::Warning | Level::Info) => State::Outside,
            None => self.state.after_silence(text),
        };
        level
    }

    /// Whether a line is a further line of the block before it; the state moves with it.
    fn goes_on(&mut self, text: &str) -> bool {
        let next = match self.state {
            State::Start | State::Outside => None,
            State::Middle => is_exception(text).then_some(State::AfterTraceback),
            State::Told | State::ToldAndBlank => told_goes_on(text),
            State::Stack => is_frame(text).then_some(State::Stack),
            State::Traceback if is_indented(text) || text.is_empty() => Some(State::Traceback),
            State::Traceback => Some(State::AfterTraceback),
            State::AfterTraceback => traceback_again(text),
            State::RustMessage => Some(State::Rust),
            State::Rust => is_of_rust(text).then_some(State::Rust),
            State::Go => is_of_go(text).then_some(State::Go),
        };
        if let Some(next) = next {
            self.state = next;
        }
        next.is_some()
    }
}

impl State {
    /// After a line that says nothing.
    fn after_silence(self, text: &str) -> Self {
        if is_python_frame(text) {
            return Self::Traceback;
        }
        match self {
            Self::Start | Self::Middle if is_indented(text) => Self::Middle,
            Self::Told | Self::ToldAndBlank if text.is_empty() => Self::ToldAndBlank,
            Self::Start
            | Self::Middle
            | Self::Outside
            | Self::Told
            | Self::ToldAndBlank
            | Self::Stack
            | Self::Traceback
            | Self::AfterTraceback
            | Self::RustMessage
            | Self::Rust
            | Self::Go => Self::Outside,
        }
    }
}

/// What a line that says `Error` opens.
fn opened(text: &str) -> State {
    if text.contains("Traceback (most recent call last)") {
        State::Traceback
    } else if text.contains(" panicked at") && text.contains("thread '") {
        // Before Rust 1.73 the message stood in the same line.
        if text.contains("panicked at '") { State::Rust } else { State::RustMessage }
    } else if text.starts_with("panic: ") || text.starts_with("fatal error: all goroutines") {
        State::Go
    } else if is_exception(text) || text.starts_with("Exception in thread") {
        State::Stack
    } else {
        State::Told
    }
}

/// After a line that told of an error: what was thrown, or a frame of it.
fn told_goes_on(text: &str) -> Option<State> {
    if text.starts_with("Traceback (most recent call last)") {
        Some(State::Traceback)
    } else if is_exception(text) || is_frame(text) {
        Some(State::Stack)
    } else {
        None
    }
}

/// Python: `During handling of the above exception, another exception occurred:`, and the traceback of that.
fn traceback_again(text: &str) -> Option<State> {
    let between = text.is_empty() || text.contains("the above exception");
    if between || text.starts_with("The above exception") {
        Some(State::AfterTraceback)
    } else if text.starts_with("Traceback (most recent call last)") {
        Some(State::Traceback)
    } else {
        None
    }
}

/// `TypeError: ..`, `java.io.IOException: ..`, `Error: ..` at the very beginning.
fn is_exception(text: &str) -> bool {
    let text = text.strip_prefix("Uncaught ").unwrap_or(text);
    let end = text.find([':', ' ']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let ends = rest.is_empty() || rest.starts_with(':') || rest.starts_with(" [ERR_");
    ends && named(name.as_bytes()) == Some(Level::Error)
}

/// A line of a stack of Java, node, Ruby or .NET below its first.
fn is_frame(text: &str) -> bool {
    let inside = text.trim_start();
    if inside.len() == text.len() {
        return ["Caused by: ", "Suppressed: "].iter().any(|start| inside.starts_with(start)) || text == "}";
    }
    ["at ", "from ", "... ", "Caused by: ", "Suppressed: ", "[cause]: ", "--- End of ", "- "]
        .iter()
        .any(|start| inside.starts_with(start))
        // What node prints of an error's own keys: `  code: 'ENOENT',`.
        || inside.ends_with(',')
        || inside == "}"
}

fn is_python_frame(text: &str) -> bool {
    text.trim_start()
        .strip_prefix("File \"")
        .is_some_and(|rest| is_indented(text) && rest.contains("\", line "))
}

fn is_of_rust(text: &str) -> bool {
    is_indented(text) || text.starts_with("note: ") || text.starts_with("stack backtrace:")
}

fn is_of_go(text: &str) -> bool {
    text.is_empty()
        || is_indented(text)
        || text.ends_with(')')
        || ["goroutine ", "created by ", "exit status ", "[signal ", "panic: ", "rax ", "runtime."]
            .iter()
            .any(|start| text.starts_with(start))
}

fn is_indented(text: &str) -> bool {
    text.starts_with([' ', '\t'])
}
