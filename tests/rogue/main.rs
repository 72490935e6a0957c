//! One misbehaving program for the tests: one bad habit per subcommand.

fn main() {}
