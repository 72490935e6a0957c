//! Who has the keys: from a key, or a paste, to what it is for in the present mode. Not: what it does there.

use crossterm::event::KeyEvent;

use crate::model::View;
use crate::ui::eye::{Focus, Over, World};
use crate::ui::key::Key;
use crate::ui::keymap::Mode;
use crate::ui::keys::Meaning;
use crate::ui::pager::At;
use crate::ui::{Action, Request, Ui, interactive, marking, palette, typing, update};

impl Ui {
    /// The mode of the pane that has the focus, whatever lies over it.
    pub(super) fn pane(&self) -> Mode {
        match self.focus {
            Focus::Tree => Mode::Tree,
            Focus::Pager => Mode::Pager,
        }
    }

    /// Does what a key means.
    pub(super) fn key(&mut self, event: &KeyEvent, world: World<'_>) -> Vec<Request> {
        self.note = None;
        let copied = self.held.rest();
        let left = self.left.take();
        let key = Key::of(event);
        let mode = self.mode(world.view);
        if let Some(awaited) = self.awaited.take()
            && mode == Mode::Pager
        {
            marking::letter(self, awaited, key, world);
            return Vec::new();
        }
        match (mode, self.keys.meaning(mode, key), left) {
            (Mode::Pager, _, Some(id)) if self.keys.meaning(Mode::Interactive, key).is_some() => {
                self.over = Over::Interactive(id);
                interactive::send(id, event, world.terminals)
            }
            (Mode::Interactive, None, _) => self.send(event, world),
            (Mode::Prompt, None, _) => {
                typing::typed(self, key, world);
                Vec::new()
            }
            (Mode::Palette, None, _) => {
                palette::typed(self, key);
                Vec::new()
            }
            (Mode::Pager, Some(Meaning { action: Action::Close, .. }), _) if copied => Vec::new(),
            (_, Some(meaning), _) => update::update(self, meaning.action, meaning.key, world),
            (_, None, _) => {
                self.count = None;
                Vec::new()
            }
        }
    }

    /// Who types wants to see it: the pager follows again.
    fn send(&mut self, event: &KeyEvent, world: World<'_>) -> Vec<Request> {
        let Over::Interactive(id) = self.over else { return Vec::new() };
        self.pagers.entry(id).or_default().at = At::Follow;
        interactive::send(id, event, world.terminals)
    }

    /// Puts a paste where it is typed.
    pub(super) fn paste(&mut self, text: &str, world: World<'_>) -> Vec<Request> {
        match self.over {
            Over::Interactive(id) => interactive::paste(id, text, world.terminals),
            Over::Prompt(_) => {
                typing::pasted(self, text, world);
                Vec::new()
            }
            Over::Nothing
            | Over::Help(_)
            | Over::Ask
            | Over::Overwrite(_)
            | Over::Why(_)
            | Over::Details(_)
            | Over::Reload(_)
            | Over::Everywhere(_)
            | Over::Problem(_)
            | Over::Instant(_)
            | Over::Events(_) => Vec::new(),
            Over::Palette(_) => {
                palette::pasted(self, text);
                Vec::new()
            }
        }
    }

    /// What has the keys.
    pub(super) fn mode(&self, view: &View) -> Mode {
        match (&self.over, self.focus) {
            _ if view.quitting.is_some() => Mode::Leaving,
            (Over::Help(_), _) => Mode::Help,
            (Over::Ask | Over::Overwrite(_), _) => Mode::Ask,
            (Over::Prompt(_), _) => Mode::Prompt,
            (Over::Interactive(_), _) => Mode::Interactive,
            (Over::Why(_), _) => Mode::Why,
            (Over::Details(_), _) => Mode::Details,
            (Over::Reload(_), _) => Mode::Reload,
            (Over::Problem(_), _) => Mode::Problem,
            (Over::Palette(_), _) => Mode::Palette,
            (Over::Everywhere(_), _) => Mode::Everywhere,
            (Over::Instant(_), _) => Mode::Instant,
            (Over::Events(_), _) => Mode::Events,
            (Over::Nothing, Focus::Tree) => Mode::Tree,
            (Over::Nothing, Focus::Pager) if self.selects(view) => Mode::Select,
            (Over::Nothing, Focus::Pager) => Mode::Pager,
        }
    }
}
