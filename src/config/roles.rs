//! The names of the roles of a theme. Not: how they look.

use super::theme::Role;

impl Role {
    /// Every role, in the order in which a theme lists them.
    pub const ALL: [Self; 37] = [
        Self::Stopped,
        Self::Scheduled,
        Self::Waiting,
        Self::Starting,
        Self::Running,
        Self::Stopping,
        Self::Backoff,
        Self::Held,
        Self::Done,
        Self::Failed,
        Self::Selected,
        Self::SelectedElsewhere,
        Self::Rule,
        Self::Head,
        Self::System,
        Self::Dim,
        Self::Unseen,
        Self::Separator,
        Self::Hit,
        Self::CurrentHit,
        Self::Name1,
        Self::Name2,
        Self::Name3,
        Self::Name4,
        Self::Name5,
        Self::Name6,
        Self::Alert,
        Self::Banner,
        Self::Key,
        Self::KeyHint,
        Self::Prompt,
        Self::Dialog,
        Self::Interactive,
        Self::OverviewError,
        Self::OverviewHit,
        Self::OverviewMark,
        Self::Scrollbar,
    ];

    /// The name in a theme file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Scheduled => "scheduled",
            Self::Waiting => "waiting",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Backoff => "backoff",
            Self::Held => "held",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Selected => "selected",
            Self::SelectedElsewhere => "selected-elsewhere",
            Self::Rule => "rule",
            Self::Head => "head",
            Self::System => "system",
            Self::Dim => "dim",
            Self::Unseen => "unseen",
            Self::Separator => "separator",
            Self::Hit => "hit",
            Self::CurrentHit => "current-hit",
            Self::Name1 => "name-1",
            Self::Name2 => "name-2",
            Self::Name3 => "name-3",
            Self::Name4 => "name-4",
            Self::Name5 => "name-5",
            Self::Name6 => "name-6",
            Self::Alert => "alert",
            Self::Banner => "banner",
            Self::Key => "key",
            Self::KeyHint => "key-hint",
            Self::Prompt => "prompt",
            Self::Dialog => "dialog",
            Self::Interactive => "interactive",
            Self::OverviewError => "overview-error",
            Self::OverviewHit => "overview-hit",
            Self::OverviewMark => "overview-mark",
            Self::Scrollbar => "scrollbar",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_roles_are_listed_once() {
        for (at, role) in Role::ALL.iter().enumerate() {
            assert_eq!(*role as usize, at);
        }
        assert_eq!(Role::Scrollbar as usize + 1, Role::ALL.len());
    }
}
