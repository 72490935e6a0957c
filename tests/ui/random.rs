//! Any keys, sizes and views: the eye never panics, and whatever it looks at exists.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;

use zap::model::{
    Command, Details, InstanceId, InstanceView, Next, NextKind, Quitting, State, StepState, Survivor, Target,
    View,
};
use zap::ui::{Request, Terminals};

use crate::build::{
    Eye, ago, details, feed, forecast, job, key_event, moment, now, problem, running, step, system,
};

#[derive(Debug, Clone)]
enum Deed {
    Key(KeyCode, KeyModifiers),
    Size(u16, u16),
    Press(u16, u16),
    Drag(u16, u16),
    Release,
    Wheel(bool, u16, u16),
    Paste(String),
    View(Vec<Made>, u8),
    Problem(bool),
    Propose(u32),
    Output(u8, String),
    End(u8),
    Quitting(u8),
    Work,
}

/// A job of a view that is made by chance.
#[derive(Debug, Clone, Copy)]
struct Made {
    id: u8,
    state: State,
    steps: u8,
    blocked_by: u8,
    next: u32,
    odd: bool,
}

/// So many instances there are, at most.
const JOBS: u8 = 14;

const STATES: [State; 10] = [
    State::Stopped,
    State::Scheduled,
    State::Held,
    State::Waiting,
    State::Starting,
    State::Running,
    State::Stopping,
    State::Backoff,
    State::Done,
    State::Failed,
];

fn deed() -> impl Strategy<Value = Deed> {
    let keys = "jkgGhlrsxXR !/?qzSFnNiwiwiwicpedufb[]%0123456789y\\*(aA.vvVo|O$^#tmLaa==''";
    let characters = proptest::sample::select(keys.chars().collect::<Vec<_>>()).prop_map(KeyCode::Char);
    let named = proptest::sample::select(vec![
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::Backspace,
        KeyCode::F(1),
    ]);
    let modifiers = proptest::sample::select(vec![
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::CONTROL,
        KeyModifiers::ALT,
    ]);
    let text = "[a-z\t\u{1b}漢é😀\u{301}\r\n\\[0-9m ]{0,120}";
    prop_oneof![
        12 => (prop_oneof![3 => characters, 1 => named], modifiers).prop_map(|(code, held)| Deed::Key(code, held)),
        2 => (1_u16..=300, 1_u16..=100).prop_map(|(cols, rows)| Deed::Size(cols, rows)),
        1 => (1_u16..=12, 1_u16..=6).prop_map(|(cols, rows)| Deed::Size(cols, rows)),
        1 => (0_u16..300, 0_u16..100).prop_map(|(x, y)| Deed::Press(x, y)),
        2 => (0_u16..300, 0_u16..100).prop_map(|(x, y)| Deed::Drag(x, y)),
        1 => Just(Deed::Release),
        1 => (any::<bool>(), 0_u16..300, 0_u16..100).prop_map(|(up, x, y)| Deed::Wheel(up, x, y)),
        1 => text.prop_map(Deed::Paste),
        3 => (proptest::collection::vec(made(), 0..JOBS as usize), 0_u8..8).prop_map(|(jobs, systems)| Deed::View(jobs, systems)),
        1 => any::<bool>().prop_map(Deed::Problem),
        1 => (0_u32..40).prop_map(Deed::Propose),
        3 => (0_u8..JOBS, text).prop_map(|(id, text)| Deed::Output(id, text)),
        1 => (0_u8..JOBS).prop_map(Deed::End),
        1 => (0_u8..12).prop_map(Deed::Quitting),
        1 => Just(Deed::Work),
    ]
}

fn made() -> impl Strategy<Value = Made> {
    let next = prop_oneof![Just(0_u32), 1_u32..200, 0_u32..10_000_000];
    (0..JOBS, proptest::sample::select(STATES.to_vec()), 0_u8..4, 0..JOBS + 4, next, any::<bool>()).prop_map(
        |(id, state, steps, blocked_by, next, odd)| Made { id, state, steps, blocked_by, next, odd },
    )
}

/// The jobs in the order in which they were made, in those of three systems that the bits of `systems` name.
fn view(jobs: &[Made], systems: u8) -> View {
    let names = ["one", "漢字", "three"];
    let mut all: Vec<_> = names.iter().map(|name| system(name, Vec::new())).collect();
    let mut seen = BTreeSet::new();
    for made in jobs.iter().filter(|made| seen.insert(made.id)) {
        all[usize::from(made.id) % 3].jobs.push(instance(made));
    }
    let mut bit = 0;
    all.retain(|_| {
        bit += 1;
        systems & (1 << (bit - 1)) == 0
    });
    if jobs.first().is_some_and(|made| made.odd) {
        all.reverse();
    }
    View { systems: all, quitting: None, problem: None }
}

fn instance(made: &Made) -> InstanceView {
    let Made { id, state, steps, .. } = *made;
    let steps = (0..steps).map(|n| step(&format!("step {n}"), StepState::Failed(n), 9, Some(5))).collect();
    let name = format!("job-{id}-{}", "n\u{301}名".repeat(usize::from(id)));
    let kinds = [NextKind::Open, NextKind::Retry, NextKind::Kill, NextKind::Restart, NextKind::Release];
    let at = now().mono + Duration::from_secs(u64::from(made.next));
    InstanceView {
        steps,
        lingering: u32::from(id % 3),
        ready: !made.odd,
        unwell: made.odd && id % 2 == 0,
        overdue: false,
        pending_change: made.odd,
        blocked_by: Some(InstanceId(u32::from(made.blocked_by))),
        next: (made.next > 0).then_some(Next { at, kind: kinds[usize::from(id) % kinds.len()] }),
        ..job(u32::from(id), "one", &name, state, 60)
    }
}

/// Details that lead from each instance to the next one, which may have gone.
fn linked(id: u32) -> Details {
    let mut details = Details { id: InstanceId(id), ..details() };
    details.needs[0].id = Some(InstanceId(id + 1));
    details.needed_by[0].id = Some(InstanceId((id + 5) % u32::from(JOBS)));
    details
}

fn quitting(alive: u8) -> Option<Quitting> {
    let survivor = |id: u8| Survivor {
        id: InstanceId(u32::from(id)),
        address: format!("one/{id}"),
        doing: "TERM sent".to_owned(),
        kill_at: None,
        processes: Some(u32::from(id)),
    };
    (alive > 0).then(|| Quitting {
        since: ago(1),
        kill_at: now().mono,
        ended: 3,
        alive: (1..alive).map(survivor).collect(),
    })
}

fn perform(eye: &mut Eye, deed: Deed) {
    let mouse =
        |kind, column, row| Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
    match deed {
        Deed::Key(code, held) => {
            let asked = eye.input(Event::Key(KeyEvent::new(code, held)));
            assert!(asked.iter().all(|request| is_about_something(request, &eye.view)), "{asked:?}");
        }
        Deed::Size(cols, rows) => drop(eye.input(Event::Resize(cols, rows))),
        Deed::Press(x, y) => drop(eye.input(mouse(MouseEventKind::Down(MouseButton::Left), x, y))),
        Deed::Drag(x, y) => drop(eye.input(mouse(MouseEventKind::Drag(MouseButton::Left), x, y))),
        Deed::Release => drop(eye.input(mouse(MouseEventKind::Up(MouseButton::Left), 0, 0))),
        Deed::Wheel(true, x, y) => drop(eye.input(mouse(MouseEventKind::ScrollUp, x, y))),
        Deed::Wheel(false, x, y) => drop(eye.input(mouse(MouseEventKind::ScrollDown, x, y))),
        Deed::Paste(text) => drop(eye.input(Event::Paste(text))),
        Deed::View(jobs, systems) => {
            let View { systems, .. } = view(&jobs, systems);
            eye.view.systems = systems;
        }
        Deed::Problem(is) => eye.view.problem = is.then(problem),
        Deed::Propose(more) => eye.ui.propose(forecast(more)),
        Deed::Output(id, text) => {
            let terminal = eye.terminals.entry(InstanceId(u32::from(id))).or_insert_with(|| running(""));
            feed(terminal, &text);
        }
        Deed::End(id) => {
            if let Some(terminal) = eye.terminals.get_mut(&InstanceId(u32::from(id))) {
                terminal.end_run("exit 1", moment(1));
            }
        }
        Deed::Quitting(alive) => eye.view.quitting = quitting(alive),
        Deed::Work => eye.ui.work(&eye.view, &eye.terminals),
    }
}

fn exists(id: InstanceId, view: &View) -> bool {
    view.systems.iter().flat_map(|system| &system.jobs).any(|job| job.id == id)
}

/// Whether all that a request is about exists.
fn is_about_something(request: &Request, view: &View) -> bool {
    let Request::Command(command) = request else { return true };
    let target = |target: &Target| match target {
        Target::System(name) => view.systems.iter().any(|system| system.name == *name),
        Target::Instance(id) => exists(*id, view),
        Target::Job { .. } | Target::Numbered { .. } => false,
    };
    match command {
        // Who is still alive while zap leaves is told beside the systems.
        _ if view.quitting.is_some() => true,
        Command::Start(targets)
        | Command::Stop(targets)
        | Command::Restart(targets)
        | Command::Kill(targets)
        | Command::Signal { targets, .. } => !targets.is_empty() && targets.iter().all(target),
        Command::Type { instance, .. } | Command::Resize { instance, .. } => exists(*instance, view),
        Command::RestartFailed | Command::Quit => true,
    }
}

/// Everything that is open is closed; then a row of what there is must be selected and in sight.
fn is_selected(eye: &mut Eye) -> bool {
    eye.view.quitting = None;
    eye.input(Event::Resize(120, 24));
    for key in ["Esc", "Ctrl-]", "Esc", "Esc", "Esc", "Esc", "Esc", "Esc", "j"] {
        eye.input(Event::Key(key_event(key)));
    }
    eye.view.systems.is_empty() || eye.frame().lines().any(|line| line.starts_with('▌'))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(deeds in proptest::collection::vec(deed(), 1..60)) {
        let first = [(1, State::Running), (2, State::Failed), (3, State::Stopped)]
            .map(|(id, state)| Made { id, state, steps: 2, blocked_by: id + 1, next: 9, odd: false });
        let mut eye = Eye::new(80, 24, view(&first, 0), Terminals::new());
        eye.details = (0..u32::from(JOBS)).map(|id| (InstanceId(id), linked(id))).collect();
        for deed in deeds {
            perform(&mut eye, deed);
            eye.frame();
            let now = now();
            prop_assert!(eye.ui.next_change(&eye.view, now).is_none_or(|at| at > now.mono));
            for (id, size) in eye.ui.visible(&eye.view) {
                prop_assert!(exists(id, &eye.view));
                prop_assert!(size.rows >= 2 && size.cols >= 2);
            }
            prop_assert!(eye.ui.detailed().is_none_or(|id| exists(id, &eye.view)));
        }
        prop_assert!(is_selected(&mut eye), "{}", eye.frame());
    }
}
