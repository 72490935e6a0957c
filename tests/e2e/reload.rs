//! The file, read again: by the verb, by HUP.
