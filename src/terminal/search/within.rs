//! A regex made so that it can search many lines at once and finds in each what it would find in it alone: no part of it takes
//! a newline, and the beginning and the end of the text are those of a line.

use regex_syntax::hir::{Class, ClassBytesRange, ClassUnicodeRange, Hir, HirKind, Look, Repetition};
use regex_syntax::hir::{ClassBytes, ClassUnicode};

/// The pattern for many lines; `None` if the pattern cannot be read.
pub(super) fn within_lines(pattern: &str, ignores_case: bool) -> Option<String> {
    let mut parser = regex_syntax::ParserBuilder::new().case_insensitive(ignores_case).build();
    parser.parse(pattern).ok().map(|hir| confined(hir).to_string())
}

/// The same without newlines and without groups that nobody asks for.
fn confined(hir: Hir) -> Hir {
    match hir.into_kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) if literal.0.contains(&b'\n') => Hir::fail(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(Class::Unicode(mut class)) => {
            class.difference(&ClassUnicode::new([ClassUnicodeRange::new('\n', '\n')]));
            Hir::class(Class::Unicode(class))
        }
        HirKind::Class(Class::Bytes(mut class)) => {
            class.difference(&ClassBytes::new([ClassBytesRange::new(b'\n', b'\n')]));
            Hir::class(Class::Bytes(class))
        }
        HirKind::Look(Look::Start) => Hir::look(Look::StartLF),
        HirKind::Look(Look::End) => Hir::look(Look::EndLF),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(confined(*repetition.sub));
            Hir::repetition(Repetition { sub, ..repetition })
        }
        HirKind::Capture(capture) => confined(*capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.into_iter().map(confined).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.into_iter().map(confined).collect()),
    }
}
