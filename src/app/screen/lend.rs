//! Our terminal in other hands: a command, `$PAGER` or `$EDITOR` has it as the foreground process group, and none of our threads
//! reads or writes there. Jobs go on, and their output is taken in. Beside it: copies and files. Not: what they are called with
//! (`outside`).

use std::io;
use std::path::{Path, PathBuf};

use crate::app::clipboard::{Between, sequence};
use crate::app::engine::Engine;
use crate::app::finder::{Found, Place};
use crate::app::message::Control;
use crate::app::outside::{After, Call, Heard, Left, Tool, told};
use crate::app::saver::{Saved, Saver, Task, Way};
use crate::model::InstanceId;
use crate::sys::News;
use crate::ui::{Away, Dress, Extract, Mention, Outgoing, Overwrite, Save};

use super::{Due, Hands, Screen, Writing};

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
    /// Puts a text into the clipboard. To tmux it is given by its own command: that works with every setting of it.
    pub(super) fn copy(&mut self, text: &str, engine: &mut Engine) {
        match self.outside.home.between() {
            Between::Tmux => {
                if let Err(error) = self.outside.fill_tmux(text, &engine.nursery) {
                    engine.complain(&told("call tmux", &error));
                    self.say_copy(text);
                }
            }
            Between::Nobody | Between::Screen => self.say_copy(text),
        }
    }

    fn say_copy(&mut self, text: &str) {
        let between = self.outside.home.between();
        self.terminal.backend_mut().say(&sequence(text, between));
        self.due = Due::Now;
    }

    /// Collects on a thread what is to be copied.
    pub(super) fn collect(&mut self, extract: &Extract, engine: &mut Engine) {
        self.begin(extract, Writing::Copy, engine, Saver::collect);
    }

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

    fn outgoing(&self, extract: &Extract, engine: &mut Engine) -> Result<Outgoing, String> {
        let (_, outputs) = engine.scene();
        self.ui
            .outgoing(extract, &outputs.terminals)
            .ok_or_else(|| "there is no such output any more".to_owned())
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

    /// The output is written into a file of ours first, which may take a while.
    fn edit_output(&mut self, extract: &Extract, line: u64, engine: &mut Engine) {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let what = (extract.instance, extract.lines.start);
        if let Some((_, file)) = self.ready.take_if(|(ready, _)| *ready == what) {
            let call = Call::edit_scratch(Tool::editor(&self.outside.home), file, line);
            return self.lend(call, engine);
        }
        let file = self.outside.scratch();
        let path = file.0.clone();
        let then = Writing::Edit { file, line, what };
        self.write(extract, Dress::Plain, (&path, Way::Private), then, engine);
    }

    /// Writes something into a file.
    pub(super) fn save(&mut self, save: Save, engine: &mut Engine) {
        let file = self.outside.home.file(&save.file);
        let coloured = file.extension().is_some_and(|ending| ending == "ansi");
        let dress = if coloured { Dress::Coloured } else { Dress::Plain };
        let way = match save.over {
            Overwrite::Ask => Way::New,
            Overwrite::Yes => Way::Replace,
        };
        let extract = save.extract.clone();
        self.write(&extract, dress, (&file, way), Writing::Save(save), engine);
    }

    fn write(
        &mut self,
        extract: &Extract,
        dress: Dress,
        (file, way): (&Path, Way),
        then: Writing,
        engine: &mut Engine,
    ) {
        let file = file.to_owned();
        self.begin(extract, then, engine, move |outgoing, tell| {
            Saver::start(Task { outgoing, dress, file, way }, tell)
        });
    }

    fn begin(
        &mut self,
        extract: &Extract,
        then: Writing,
        engine: &mut Engine,
        start: impl FnOnce(Outgoing, Box<dyn Fn(Saved) + Send>) -> io::Result<Saver>,
    ) {
        if self.saver.is_some() {
            return self.ui.tell("something is being saved: {close} ends that");
        }
        let post = self.post.clone();
        let tell = Box::new(move |saved| post.control(Control::Saved(saved)));
        let started = self.outgoing(extract, engine).and_then(|outgoing| {
            start(outgoing, tell).map_err(|error| told("start the thread that saves", &error))
        });
        match started {
            Ok(saver) => self.saver = Some((saver, then)),
            Err(why) => self.ui.note(why),
        }
    }

    /// Writes no more of it.
    pub(super) fn stop_saving(&self) {
        if let Some((saver, _)) = &self.saver {
            saver.stop();
        }
    }

    /// What became of a file.
    pub(super) fn saved(&mut self, saved: Saved, engine: &mut Engine) {
        self.due = Due::Now;
        if let (Saved::Percent(percent), Some((_, writing))) = (&saved, &self.saver) {
            let file = match writing {
                Writing::Save(save) => save.file.clone(),
                Writing::Edit { .. } => "a file for the editor".to_owned(),
                Writing::Copy => "a copy".to_owned(),
            };
            return self.ui.saving(Some((file, *percent)));
        }
        self.ui.saving(None);
        let Some((_, writing)) = self.saver.take() else { return };
        match (saved, writing) {
            (Saved::Percent(_), _) | (Saved::Done { .. } | Saved::Exists, Writing::Copy) => {}
            (Saved::Collected(clip), _) => {
                if let Some(text) = self.ui.collected(clip) {
                    self.copy(&text, engine);
                }
            }
            (Saved::Done { lines, bytes, lost }, Writing::Save(save)) => {
                self.ui.tell_saved(&save.file, lines, bytes, lost);
            }
            (Saved::Done { .. }, Writing::Edit { file, what, .. })
                if !self.ui.is_at(what.0, engine.view()) =>
            {
                // Keys that are meant for something else are not to end in an editor.
                self.ready = Some((what, file));
                self.ui.tell_ready();
            }
            (Saved::Done { .. }, Writing::Edit { file, line, .. }) => {
                let call = Call::edit_scratch(Tool::editor(&self.outside.home), file, line);
                self.lend(call, engine);
            }
            (Saved::Exists, Writing::Save(save)) => self.ui.ask_to_overwrite(save),
            (Saved::Exists, Writing::Edit { .. }) => self.ui.note("cannot make a file for the editor"),
            (Saved::Stopped, Writing::Copy) => self.ui.note("nothing was copied"),
            (Saved::Stopped, Writing::Save(_) | Writing::Edit { .. }) => {
                self.ui.note("saving was stopped, and nothing is left of it");
            }
            (Saved::Failed(why), Writing::Copy) => self.ui.note(format!("cannot copy: {why}")),
            (Saved::Failed(why), Writing::Save(save)) => {
                self.ui.note(format!("cannot save to {}: {why}", save.file));
            }
            (Saved::Failed(why), Writing::Edit { .. }) => {
                self.ui.note(format!("cannot write a file for the editor: {why}"));
            }
        }
    }

    fn lend(&mut self, call: Call, engine: &mut Engine) {
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

    fn regain(&self) {
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
