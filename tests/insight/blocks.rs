//! Panics, tracebacks and stacks count once, with their first line.

use zap::insight::{Blocks, Level};

/// The lines of a text that say an error or a warning, by their first words.
fn told(text: &str) -> Vec<&str> {
    let mut blocks = Blocks::default();
    text.lines().filter(|line| blocks.hear(line) >= Some(Level::Warning)).collect()
}

#[test]
fn a_rust_panic_is_one() {
    let text = "\
listening
thread 'main' panicked at src/queue.rs:41:9:
Error: this is the message
stack backtrace:
   0: rust_begin_unwind
             at /rustc/abc/library/std/src/panicking.rs:652:5
   1: core::panicking::panic_fmt
note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.
error: process didn't exit successfully";
    assert_eq!(
        told(text),
        ["thread 'main' panicked at src/queue.rs:41:9:", "error: process didn't exit successfully"]
    );
}

#[test]
fn two_rust_panics_are_two() {
    let text = "\
thread 'a' panicked at src/a.rs:1:1:
assertion `left == right` failed
  left: 1
 right: 2
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
thread 'b' panicked at 'boom', src/b.rs:1:1
thread 'c' panicked at src/c.rs:1:1:
boom";
    assert_eq!(told(text).len(), 3, "{:?}", told(text));
}

#[test]
fn a_python_traceback_is_one() {
    let text = "\
Traceback (most recent call last):
  File \"/app/a.py\", line 3, in <module>
    raise ValueError('x')
ValueError: x
ValueError: y";
    assert_eq!(told(text), ["Traceback (most recent call last):", "ValueError: y"]);
}

#[test]
fn a_python_traceback_with_what_was_thrown_meanwhile_is_one() {
    let text = "\
Traceback (most recent call last):
  File \"/app/a.py\", line 3, in <module>
    d['x']
    ~^^^^^
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File \"/app/a.py\", line 5, in <module>
    raise ValueError('x')
ValueError: x
INFO going on
WARN slow";
    assert_eq!(told(text), ["Traceback (most recent call last):", "WARN slow"]);
}

#[test]
fn a_logged_traceback_belongs_to_the_line_that_logged_it() {
    let text = "\
ERROR:root:it broke
Traceback (most recent call last):
  File \"/app/a.py\", line 3, in <module>
    1/0
ZeroDivisionError: division by zero
ERROR:root:again";
    assert_eq!(told(text), ["ERROR:root:it broke", "ERROR:root:again"]);
}

#[test]
fn a_node_error_is_one() {
    let text = "\
/app/index.js:3
throw new Error('boom')
^

Error: boom
    at Object.<anonymous> (/app/index.js:3:7)
    at Module._compile (node:internal/modules/cjs/loader:1105:14) {
  code: 'ENOENT',
  [cause]: TypeError: x
      at foo (/app/index.js:1:1)
}

Node.js v18.0.0
TypeError: another
    at x (/app/y.js:1:1)";
    assert_eq!(told(text), ["Error: boom", "TypeError: another"]);
}

#[test]
fn a_java_stack_is_one() {
    let text = "\
2026-11-20 12:04:31 ERROR main com.example.Main - run failed

java.lang.IllegalStateException: boom
\tat com.example.Main.run(Main.java:3)
\tat com.example.Main.main(Main.java:1)
Caused by: java.io.IOException: disk
\tat com.example.Disk.read(Disk.java:7)
\t... 2 more
Exception in thread \"main\" java.lang.Error: x
\tat com.example.Main.main(Main.java:1)";
    assert_eq!(told(text).len(), 2, "{:?}", told(text));
}

#[test]
fn a_go_panic_is_one_with_all_its_goroutines() {
    let text = "\
panic: runtime error: index out of range [recovered]
\tpanic: runtime error: index out of range

goroutine 1 [running]:
main.main()
\t/tmp/x.go:4 +0x1d
created by main.start in goroutine 7
exit status 2
error: it ended";
    assert_eq!(told(text), ["panic: runtime error: index out of range [recovered]", "error: it ended"]);
}

#[test]
fn errors_in_a_row_are_each_one() {
    let text = "error: a\nerror: b\nwarning: c\nERROR d\nTypeError: e\nwarning: f\nError: g\nError: h";
    // What is thrown right after a line that tells of an error is taken for its cause.
    assert_eq!(
        told(text),
        ["error: a", "error: b", "warning: c", "ERROR d", "warning: f", "Error: g", "Error: h"]
    );
}

#[test]
fn who_begins_in_the_middle_of_a_block_is_not_misled() {
    let text = "  File \"/app/a.py\", line 3, in <module>
    raise ValueError('x')
ValueError: x
ok";
    assert_eq!(told(text), [""; 0]);
    let code_first = text.split_once('\n').map(|(_, rest)| rest).unwrap();
    assert_eq!(told(code_first), [""; 0]);
}
