//! Our terminal in other hands: a command, `$PAGER` or `$EDITOR` has it as the foreground process group, and none of our threads
//! reads or writes there. Jobs go on, and their output is taken in. Not: what they are called with (`outside`), and files that
//! are written for them (`saving`).

use std::path::{Path, PathBuf};

use crate::app::engine::Engine;
use crate::app::finder::{Found, Place};
use crate::app::outside::{After, Call, Heard, Left, Tool, told};
use crate::model::InstanceId;
use crate::sys::News;
use crate::ui::{Away, Mention};

use super::{Due, Hands, Screen};

/// Who has our terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Holder {
    /// We, or nobody (then we look again).
    #[default]
    Us,
    /// A guest.
    Guest,
    /// We, but what the guest wrote is still read.
    Reader,
}

impl Screen {
    /// Gives our terminal to somebody else until that ends.
    pub(super) fn go_away(&mut self, away: Away, engine: &mut Engine) {
        let called = match away {
            Away::Pipe { extract, command } => self
                .outgoing(&extract, engine)
                .and_then(|text| Call::pipe(&command, text).map_err(|error| told("make a pipe", &error))),
            Away::Page { extract, line } => self.outgoing(&extract, engine).and_then(|text| {
                Call::page(&self.outside.home, text, line).map_err(|error| told("make a pipe", &error))
            }),
            Away::Edit { mentions, extract, line } if mentions.is_empty() => {
                return self.edit_output(&extract, line, engine);
            }
            Away::Edit { mentions, extract, .. } => {
                return self.look_for(mentions, extract.instance, engine);
            }
        };
        match called {
            Ok(call) => self.lend(call, engine),
            Err(why) => self.ui.note(why),
        }
    }

    /// The first of these places that there is will be opened: where they lie the disk may not answer.
    fn look_for(&mut self, mentions: Vec<Mention>, instance: InstanceId, engine: &Engine) {
        let home = &self.outside.home;
        let folder = engine.supervisor.details(instance).map(|details| details.folder);
        let folder = folder.filter(|folder| !folder.is_empty()).map_or(home.config.clone(), PathBuf::from);
        let wanted = home.wanted(mentions, &folder);
        match self.finder.look(wanted, instance, Path::is_file) {
            Ok(()) => self.ui.looking(Some(engine.now().mono)),
            Err(error) => {
                self.ui.looking(None);
                self.ui.note(told("look for the file", &error));
            }
        }
    }

    /// Nobody waits for the file any more.
    pub(super) fn stop_looking(&mut self) {
        self.finder.stop();
        self.ui.looking(None);
        self.ui.note("the file is not looked for any more");
    }

    /// What came of looking for a file.
    pub(super) fn found(&mut self, found: Found, engine: &mut Engine) {
        let Some((instance, place)) = self.finder.take(found) else { return };
        self.due = Due::Now;
        self.ui.looking(None);
        match place {
            Err(why) => self.ui.note(why),
            Ok(Place { file, line, column }) if self.ui.is_at(instance, engine.view()) => {
                let call = Call::edit(Tool::editor(&self.outside.home), &file, line, column);
                self.lend(call, engine);
            }
            // Keys that are meant for something else are not to end in an editor.
            Ok(Place { file, .. }) => self.ui.tell_found(&file.display().to_string()),
        }
    }

    pub(super) fn lend(&mut self, call: Call, engine: &mut Engine) {
        if self.holder != Holder::Us || self.hands.is_none() || engine.view().quitting.is_some() {
            return self.ui.note("the terminal is not free now");
        }
        self.hands = None;
        self.refused = None;
        self.again = None;
        self.tty.leave();
        self.holder = Holder::Guest;
        let headed = call.heading().map_or(Ok(()), |heading| self.tty.print(&heading));
        let invited = headed.and_then(|()| self.outside.invite(call, &self.tty, &engine.nursery));
        if let Err(error) = invited {
            self.come_back(engine);
            self.ui.note(told("use the terminal", &error));
        }
    }

    /// What became of a process, if it is one of those beside the jobs.
    pub(in crate::app) fn hear(&mut self, news: &News, engine: &mut Engine) -> bool {
        match self.outside.hear(news, &engine.nursery) {
            None => return false,
            Some(Heard::Nothing) => {}
            Some(Heard::NoGuest(why)) => {
                self.regain();
                self.come_back(engine);
                self.ui.note(why);
            }
            Some(Heard::GuestLeft(left)) => {
                self.regain();
                let quitting = engine.view().quitting.is_some();
                match left.after {
                    After::Hold if !quitting && self.hold(&left) => {}
                    After::Hold | After::Return => {
                        self.come_back(engine);
                        if let Some(why) = left.complaint() {
                            self.ui.note(why);
                        }
                    }
                }
            }
            Some(Heard::NotCopied(text)) => self.say_copy(&text),
        }
        true
    }

    pub(super) fn regain(&self) {
        // A terminal that is gone is found out by whoever reads it next.
        let _ = self.tty.regain();
    }

    /// Leaves what a command wrote in sight until a key is pressed.
    fn hold(&mut self, left: &Left) -> bool {
        let how = left.complaint().map_or_else(String::new, |why| format!("{why}, "));
        let text = format!("\r\n\x1b[7m {how}press Enter to go back to zap \x1b[0m");
        let held = self.tty.hold(&text).and_then(|()| Hands::start(&self.tty, &self.post));
        self.holder = Holder::Reader;
        self.hands = held.ok();
        self.hands.is_some()
    }

    /// The terminal is ours again, with all that is on it.
    pub(super) fn come_back(&mut self, engine: &mut Engine) {
        self.holder = Holder::Us;
        self.take(engine);
    }

    /// Somebody stopped zap and let it go on while a guest has the terminal: the shell may have had it meanwhile.
    pub(super) fn keep_away(&mut self) {
        if let Some(group) = self.outside.guest().and_then(|guest| guest.group) {
            let _ = self.tty.lend_to(group);
        }
    }

    /// zap ends: a guest is asked to end too, and is not asked twice.
    pub(super) fn dismiss_guest(&mut self, engine: &mut Engine) {
        let killed = engine.finished().is_some();
        let asked = self.outside.guest().is_none_or(|guest| std::mem::replace(&mut guest.asked_to_end, true));
        if killed {
            self.outside.signal_guest(libc::SIGKILL, &engine.nursery);
        } else if !asked {
            self.outside.signal_guest(libc::SIGTERM, &engine.nursery);
        }
    }
}
