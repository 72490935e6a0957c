//! The thin entrance: everything happens in the library.

fn main() -> std::process::ExitCode {
    zap::cli::main()
}
