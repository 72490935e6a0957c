//! A terminal that is no screen: raw output as lines of text. A stand-in.

/// Splits raw output into lines.
#[derive(Debug, Default)]
pub struct LineSplitter {
    partial: Vec<u8>,
}

impl LineSplitter {
    /// Takes bytes, gives finished lines.
    pub fn feed(&mut self, bytes: &[u8], mut line: impl FnMut(&str)) {
        for byte in bytes {
            if *byte == b'\n' {
                line(&String::from_utf8_lossy(&std::mem::take(&mut self.partial)));
            } else {
                self.partial.push(*byte);
            }
        }
    }
    /// Whether there is an unfinished line.
    pub fn has_partial(&self) -> bool {
        !self.partial.is_empty()
    }
    /// Gives the unfinished line.
    pub fn flush(&mut self, mut line: impl FnMut(&str)) {
        if self.has_partial() {
            line(&String::from_utf8_lossy(&std::mem::take(&mut self.partial)));
        }
    }
}

/// Text without SGR.
pub fn strip_sgr(text: &str) -> String {
    text.to_owned()
}
