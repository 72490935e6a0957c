//! Any keys, sizes and views: the eye never panics, and whatever it looks at exists.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use zap::model::{InstanceId, InstanceView, Quitting, State, StepState, Survivor, View};
use zap::ui::Terminals;

use crate::build::{Eye, ago, feed, job, moment, now, running, step, system};

#[derive(Debug, Clone)]
enum Deed {
    Key(KeyCode, KeyModifiers),
    Size(u16, u16),
    Press(u16, u16),
    Wheel(bool, u16, u16),
    Paste(String),
    View(Vec<(u8, State, u8)>),
    Output(u8, String),
    End(u8),
    Quitting(u8),
    Work,
}

const STATES: [State; 8] = [
    State::Stopped,
    State::Waiting,
    State::Starting,
    State::Running,
    State::Stopping,
    State::Backoff,
    State::Done,
    State::Failed,
];

fn deed() -> impl Strategy<Value = Deed> {
    let keys = "jkgGhlrsxXR !/?qzSFnNidufb[]%0123456789y\\*(aA.";
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
        1 => (any::<bool>(), 0_u16..300, 0_u16..100).prop_map(|(up, x, y)| Deed::Wheel(up, x, y)),
        1 => text.prop_map(Deed::Paste),
        1 => proptest::collection::vec((0_u8..8, proptest::sample::select(STATES.to_vec()), 0_u8..4), 0..8)
            .prop_map(Deed::View),
        3 => (0_u8..8, text).prop_map(|(id, text)| Deed::Output(id, text)),
        1 => (0_u8..8).prop_map(Deed::End),
        1 => (0_u8..12).prop_map(Deed::Quitting),
        1 => Just(Deed::Work),
    ]
}

fn view(jobs: &[(u8, State, u8)]) -> View {
    let mut systems = vec![system("one", Vec::new()), system("漢字", Vec::new())];
    let mut seen = std::collections::BTreeSet::new();
    for (id, state, steps) in jobs.iter().filter(|(id, ..)| seen.insert(*id)) {
        let steps =
            (0..*steps).map(|n| step(&format!("step {n}"), StepState::Failed(n), 9, Some(5))).collect();
        let name = format!("job-{id}-{}", "n\u{301}名".repeat(usize::from(*id)));
        let job = InstanceView {
            steps,
            lingering: u32::from(*id),
            ..job(u32::from(*id), "one", &name, *state, 60)
        };
        systems[usize::from(id % 2)].jobs.push(job);
    }
    View { systems, quitting: None, problem: None }
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
        Deed::Key(code, held) => drop(eye.input(Event::Key(KeyEvent::new(code, held)))),
        Deed::Size(cols, rows) => drop(eye.input(Event::Resize(cols, rows))),
        Deed::Press(x, y) => drop(eye.input(mouse(MouseEventKind::Down(MouseButton::Left), x, y))),
        Deed::Wheel(true, x, y) => drop(eye.input(mouse(MouseEventKind::ScrollUp, x, y))),
        Deed::Wheel(false, x, y) => drop(eye.input(mouse(MouseEventKind::ScrollDown, x, y))),
        Deed::Paste(text) => drop(eye.input(Event::Paste(text))),
        Deed::View(jobs) => eye.view = view(&jobs),
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(deeds in proptest::collection::vec(deed(), 1..60)) {
        let first = view(&[(1, State::Running, 2), (2, State::Failed, 0), (3, State::Stopped, 1)]);
        let mut eye = Eye::new(80, 24, first, Terminals::new());
        for deed in deeds {
            perform(&mut eye, deed);
            eye.frame();
            let now = now();
            prop_assert!(eye.ui.next_change(&eye.view, now).is_none_or(|at| at > now.mono));
            for (id, size) in eye.ui.visible(&eye.view) {
                prop_assert!(eye.view.systems.iter().flat_map(|s| &s.jobs).any(|job| job.id == id));
                prop_assert!(size.rows >= 2 && size.cols >= 2);
            }
        }
    }
}
