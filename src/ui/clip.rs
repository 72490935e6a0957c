//! What is copied: what of it, how much, and what is told about it. Not: the clipboard, which is the app's.

use std::io::{self, Write};

use crate::model::InstanceId;
use crate::ui::eye::World;
use crate::ui::outward::NOTHING;
use crate::ui::pager::{Cut, Dress, Extract, Outgoing};
use crate::ui::selecting::point;
use crate::ui::text::{count, thousands};
use crate::ui::{Request, Ui, merged};

/// So many bytes are copied at most: with their encoding less than the 1 MiB that tmux takes, and most terminals with it.
const CLIP: usize = 750_000;
/// So many lines are put through filters at once.
const SIFTED: u64 = 10_000;

/// Copies what is selected, which then is selected no more; else the line that is meant.
pub(super) fn copy_selected(ui: &mut Ui, world: World<'_>) -> Vec<Request> {
    let reach = ui.reach();
    if ui.merging(world.view).is_some() {
        let Some((id, number)) = merged::current(ui, world) else {
            ui.note(NOTHING);
            return Vec::new();
        };
        return copy(ui, &line(id, number), world);
    }
    let Some(id) = ui.job(world.view).map(|job| job.id) else { return Vec::new() };
    let Some((pager, terminal)) = ui.pager(world) else { return Vec::new() };
    let selected = pager.extract(id, terminal);
    pager.selection = None;
    let extract = selected.or_else(|| Some(line(id, point(pager, terminal, reach)?.line)));
    let Some(extract) = extract else {
        ui.note(NOTHING);
        return Vec::new();
    };
    copy(ui, &extract, world)
}

fn line(instance: InstanceId, number: u64) -> Extract {
    Extract { instance, lines: number..number + 1, cut: Cut::Whole, only: None }
}

/// Copies an extract and tells how much that was. Where filters leave lines out, nobody knows how many are to be read for it:
/// then the app collects it.
pub(super) fn copy(ui: &mut Ui, extract: &Extract, world: World<'_>) -> Vec<Request> {
    if extract.only.is_some() && extract.lines.end.saturating_sub(extract.lines.start) > SIFTED {
        return vec![Request::Collect(extract.clone())];
    }
    let Some(outgoing) = ui.outgoing(extract, world.terminals) else { return Vec::new() };
    // It fails when somebody ends it, and here is nobody.
    let clip = Clip::of(&outgoing, &mut |_| Ok(())).unwrap_or_default();
    ui.collected(clip).map_or_else(Vec::new, |text| vec![Request::Copy(text)])
}

impl Ui {
    /// Tells how much was collected to be copied; the text, unless there is none.
    pub fn collected(&mut self, clip: Clip) -> Option<String> {
        let full = clip.full;
        let text = clip.text();
        if text.is_empty() {
            self.note("nothing to copy: the line is empty");
            return None;
        }
        let characters = count(text.chars().count() as u64, "character", "characters");
        let lines = text.matches('\n').count() as u64 + 1;
        self.tell(&match (full, lines) {
            (true, lines) => format!(
                "copied the first {} lines, {} bytes: terminals take no more; {{save}} saves all of it",
                thousands(lines),
                thousands(text.len() as u64)
            ),
            (false, 1) => format!("copied {characters}"),
            (false, lines) => format!("copied {}, {characters}", count(lines, "line", "lines")),
        });
        Some(text)
    }
}

/// What is copied: it takes bytes until it is full.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clip {
    bytes: Vec<u8>,
    full: bool,
}

impl Clip {
    /// As much of a text as terminals take. `told` hears now and then how many lines are done; fails if it does.
    pub fn of(outgoing: &Outgoing, told: &mut dyn FnMut(u64) -> io::Result<()>) -> io::Result<Self> {
        let mut clip = Self::default();
        match outgoing.write(Dress::Plain, &mut clip, told) {
            Err(error) if !clip.full => Err(error),
            Err(_) | Ok(_) => Ok(clip),
        }
    }

    /// Who pastes a line into a shell wants to press Enter himself.
    fn text(self) -> String {
        let mut text = String::from_utf8_lossy(&self.bytes).into_owned();
        text.truncate(text.strip_suffix('\n').unwrap_or(&text).len());
        text
    }
}

impl Write for Clip {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = CLIP - self.bytes.len();
        if bytes.len() <= room {
            self.bytes.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        // No character is torn.
        let fits = (0..=room).rev().find(|at| bytes[*at] & 0xc0 != 0x80).unwrap_or(0);
        self.bytes.extend_from_slice(&bytes[..fits]);
        self.full = true;
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
