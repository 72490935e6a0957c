//! What is written or collected on a thread because a key asked for it: files, copies, and what the editor opens. Not: the thread
//! (`saver`).

use std::io;
use std::path::Path;

use crate::app::clipboard::{Between, sequence};
use crate::app::engine::Engine;
use crate::app::message::Control;
use crate::app::outside::{Call, Scratch, Tool, told};
use crate::app::saver::{Saved, Saver, Task, Way};
use crate::model::InstanceId;
use crate::ui::{Dress, Extract, Outgoing, Overwrite, Save};

use super::Screen;
use super::frames::Due;

/// Which output is in a file: whose, and from which line on.
pub(super) type Output = (InstanceId, u64);

/// What a file is written for.
pub(super) enum Writing {
    /// A person named it.
    Save(Save),
    /// The editor is to open it at this line.
    Edit { file: Scratch, line: u32, what: Output },
    /// It is to be copied.
    Copy,
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

    pub(super) fn say_copy(&mut self, text: &str) {
        let between = self.outside.home.between();
        self.terminal.backend_mut().say(&sequence(text, between));
        self.due = Due::Now;
    }

    /// Collects on a thread what is to be copied.
    pub(super) fn collect(&mut self, extract: &Extract, engine: &mut Engine) {
        self.begin(extract, Writing::Copy, engine, Saver::collect);
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

    /// The output is written into a file of ours first, which may take a while.
    pub(super) fn edit_output(&mut self, extract: &Extract, line: u64, engine: &mut Engine) {
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

    pub(super) fn outgoing(&self, extract: &Extract, engine: &mut Engine) -> Result<Outgoing, String> {
        let (_, outputs) = engine.scene();
        self.ui
            .outgoing(extract, &outputs.terminals)
            .ok_or_else(|| "there is no such output any more".to_owned())
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
            (Saved::Stopped, writing) => self.tell_stopped(&writing),
            (Saved::Failed(why), writing) => self.tell_failed(&why, &writing),
        }
    }

    fn tell_stopped(&mut self, writing: &Writing) {
        self.ui.note(match writing {
            Writing::Copy => "nothing was copied",
            Writing::Save(_) | Writing::Edit { .. } => "saving was stopped, and nothing is left of it",
        });
    }

    fn tell_failed(&mut self, why: &str, writing: &Writing) {
        self.ui.note(match writing {
            Writing::Copy => format!("cannot copy: {why}"),
            Writing::Save(save) => format!("cannot save to {}: {why}", save.file),
            Writing::Edit { .. } => format!("cannot write a file for the editor: {why}"),
        });
    }
}
