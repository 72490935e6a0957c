//! A simulated world with a simulated clock: processes with habits answer the supervisor's effects by events at later times,
//! in random order where no order is promised. It keeps its own count of who is alive, and panics when the supervisor breaks a
//! rule that one effect alone can break. Not: the rules of whole states (`random`).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use zap::config::{Job, Reach};
use zap::model::{
    Answer, Audience, Command, Delivery, Effect, Event, Exit, HookKind, Hope, InstanceId, Launch, Meaning,
    Notice, Now, Question, Record, RecordKind, RunId, SpawnError, State, StepMark, Supervisor, Time, View,
    Wall,
};

/// How a process behaves. `None` as a time means never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habit {
    /// Serves until told to end.
    Good,
    /// Serves, and is deaf to every signal but KILL.
    Deaf,
    /// Serves, and takes this long to end, in milliseconds.
    Slow(u64),
    /// Ends by itself after so many milliseconds with this code.
    Exits(u64, u8),
    /// Ends by signal 11 after so many milliseconds.
    Crashes(u64),
    /// Ends by itself after so many milliseconds; its child lives on.
    Leaves(u64, Child),
    /// Serves; when it ends, its child lives on.
    Guards(Child),
    /// Serves, and not even KILL ends it.
    Undying,
    /// There is no such program.
    Missing,
    /// Serves, but is there only after so many milliseconds.
    Tardy(u64),
}

/// A child that outlives its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Child {
    /// In a session of its own, holding the terminal.
    Clinger,
    /// In a session of its own, without the terminal.
    Silent,
    /// As `Clinger`, printing without end.
    Flooder,
    /// As `Silent`, and deaf to every signal but KILL.
    Deaf,
    /// As `Silent`, and not even KILL ends it.
    Undying,
    /// As `Silent`, and ends by itself after so many milliseconds.
    Brief(u64),
    /// In the group of its parent, without the terminal, and deaf to every signal but KILL.
    Member,
}

/// How the world answers a question, after so many milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// With yes.
    Yes(u64),
    /// With no.
    No(u64),
    /// Not at all: it accepts, and says nothing.
    Never,
}

/// What becomes of the process that a launcher has to tell the pid of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Daemon {
    /// It is there so many milliseconds after its launcher, and lives like this.
    Comes(u64, Life),
    /// It never is.
    Never,
    /// The pid is that of a process that is older than the run.
    Stranger,
    /// The pid is that of a process that has ended.
    Dead,
}

/// How an adopted process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// Until it is told to end.
    Good,
    /// It is deaf to every signal but KILL.
    Deaf,
    /// It ends by itself after so many milliseconds with this code.
    Exits(u64, u8),
    /// It ends by itself after so many milliseconds, and nobody can tell how.
    Vanishes(u64),
}

/// A process.
#[expect(clippy::struct_excessive_bools, reason = "independent traits of a simulated process")]
#[derive(Debug, Clone)]
struct Process {
    in_group: bool,
    holds_terminal: bool,
    floods: bool,
    deaf: bool,
    undying: bool,
    dies_after: u64,
    dying: bool,
    alive: bool,
}

/// A run, as the world knows it: its leader is the first process.
#[expect(clippy::struct_excessive_bools, reason = "independent facts about a simulated run")]
#[derive(Debug, Clone)]
pub(crate) struct SimRun {
    /// Whose run it is.
    pub(crate) instance: InstanceId,
    /// Which hook it is, if it is one.
    pub(crate) hook: Option<HookKind>,
    born: bool,
    /// The supervisor was told of its end, or that it never began.
    pub(crate) reaped: bool,
    drained: bool,
    /// The supervisor closed it.
    pub(crate) closed: bool,
    /// The supervisor said that nothing ends it.
    pub(crate) given_up: bool,
    processes: Vec<Process>,
    /// What leaves its group is spared (`stop.reach`).
    spares: bool,
    /// Which of them is the leader.
    leader: usize,
    /// Which of them is the one that its launcher tells the pid of.
    daemon: Option<usize>,
    /// What is known of its daemon.
    fate: Option<Daemon>,
    habit: Habit,
    exit: Option<Exit>,
    steps: u16,
    /// The program, as it was asked for.
    pub(crate) program: String,
}

impl SimRun {
    /// How many of its processes are alive.
    pub(crate) fn alive(&self) -> usize {
        self.processes.iter().filter(|process| process.alive).count()
    }

    /// How many of these did not leave the group of the leader.
    fn alive_in_group(&self) -> usize {
        self.processes.iter().filter(|process| process.alive && process.in_group).count()
    }

    /// Whether another process than the one that was spawned was its leader.
    pub(crate) fn is_adopted(&self) -> bool {
        self.leader > 0
    }

    fn leader_alive(&self) -> bool {
        self.processes.get(self.leader).is_some_and(|leader| leader.alive)
    }

    fn terminal_is_held(&self) -> bool {
        self.processes.iter().any(|process| process.alive && process.holds_terminal)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Born,
    Exits(usize, u8),
    Vanishes(usize),
    Crashes,
    Forks(usize),
    Adopts,
    Dies(usize, i32),
    Reaped,
    Drained,
    Quiet,
    Counted(u32, u32),
    Answers(bool),
    Prints(bool),
    Begins(u16),
    Ends(u16),
}

/// The name under which it is kept what launchers print.
const LAUNCHER: &str = "launcher";
/// And what a container tool says of an end.
const EXIT_CODE: &str = "exit code";

/// The world and the supervisor in it.
#[derive(Debug, Clone)]
pub(crate) struct Sim {
    /// The supervisor.
    pub(crate) supervisor: Supervisor,
    first: Supervisor,
    /// The present, in milliseconds.
    pub(crate) now: u64,
    /// By how much the wall clock is ahead of the other one, in milliseconds.
    pub(crate) wall_ahead: i64,
    /// Instances that were forgotten.
    pub(crate) forgotten: BTreeSet<InstanceId>,
    /// All runs there ever were.
    pub(crate) runs: BTreeMap<RunId, SimRun>,
    habits: BTreeMap<InstanceId, Vec<Habit>>,
    hook_habits: BTreeMap<(InstanceId, &'static str), Vec<Habit>>,
    sayings: BTreeMap<(InstanceId, &'static str), String>,
    replies: BTreeMap<InstanceId, Vec<Reply>>,
    lines: BTreeMap<InstanceId, (u64, bool)>,
    daemons: BTreeMap<InstanceId, Vec<Daemon>>,
    listened: BTreeMap<RunId, Vec<Meaning>>,
    errands: BTreeMap<RunId, Vec<String>>,
    /// The questions that wait for an answer.
    pub(crate) questions: BTreeMap<RunId, (InstanceId, Question)>,
    /// Every question there was.
    pub(crate) asked: Vec<(InstanceId, Question)>,
    queue: BTreeSet<(u64, u64, RunId, Happening)>,
    random: u64,
    /// How late a tick may be, and how long news may take, in milliseconds.
    pub(crate) jitter: u64,
    /// What was told to the supervisor, and what it answered.
    pub(crate) history: Vec<(Now, Event, Vec<Effect>)>,
    /// Which events were ticks.
    pub(crate) ticks: u64,
    /// When `Finish` was said.
    pub(crate) finished: Option<u64>,
    busy: u32,
    /// When the first `Quit` was said.
    pub(crate) quit_at: Option<u64>,
    /// The effects since somebody took them.
    pub(crate) effects: Vec<Effect>,
    /// Jobs that have ended as expected by themselves at least once.
    pub(crate) ended_well: BTreeSet<InstanceId>,
}

impl Sim {
    /// A world in which every process is good until told otherwise.
    pub(crate) fn new(supervisor: Supervisor, seed: u64) -> Self {
        Self {
            first: supervisor.clone(),
            supervisor,
            now: 1_000,
            wall_ahead: 0,
            forgotten: BTreeSet::new(),
            runs: BTreeMap::new(),
            habits: BTreeMap::new(),
            hook_habits: BTreeMap::new(),
            sayings: BTreeMap::new(),
            replies: BTreeMap::new(),
            lines: BTreeMap::new(),
            daemons: BTreeMap::new(),
            listened: BTreeMap::new(),
            errands: BTreeMap::new(),
            questions: BTreeMap::new(),
            asked: Vec::new(),
            queue: BTreeSet::new(),
            random: seed | 1,
            jitter: 0,
            history: Vec::new(),
            ticks: 0,
            finished: None,
            busy: 0,
            quit_at: None,
            effects: Vec::new(),
            ended_well: BTreeSet::new(),
        }
    }

    /// How the runs of an instance behave, one after the other; the last habit stays.
    pub(crate) fn habits(&mut self, instance: u32, habits: &[Habit]) {
        self.habits.insert(InstanceId(instance), habits.to_vec());
    }

    /// How the stop command of an instance behaves. One that ends well takes the job with it.
    pub(crate) fn stop_habit(&mut self, instance: u32, habit: Habit) {
        self.hook_habits(instance, HookKind::Stop, &[habit]);
    }

    /// How the hooks of this kind behave, one after the other; the last habit stays. Without one they end well and soon.
    pub(crate) fn hook_habits(&mut self, instance: u32, kind: HookKind, habits: &[Habit]) {
        self.hook_habits.insert((InstanceId(instance), kind.name()), habits.to_vec());
    }

    /// What the hooks of this kind print last.
    pub(crate) fn hook_says(&mut self, instance: u32, kind: HookKind, line: &str) {
        self.sayings.insert((InstanceId(instance), kind.name()), line.to_owned());
    }

    /// How questions of an instance are answered, one after the other; the last reply stays. Without one it is yes.
    pub(crate) fn replies(&mut self, instance: u32, replies: &[Reply]) {
        self.replies.insert(InstanceId(instance), replies.to_vec());
    }

    /// Each run of an instance prints a line so many milliseconds after its birth, one of success or one of failure.
    pub(crate) fn prints(&mut self, instance: u32, after: u64, good: bool) {
        self.lines.insert(InstanceId(instance), (after, good));
    }

    /// Sets the wall clock, which wakes the supervisor.
    pub(crate) fn set_wall(&mut self, wall: i64) {
        self.wall_ahead = wall - self.now as i64;
        self.tell(Event::Tick);
    }

    /// What the wall clock shows.
    pub(crate) fn wall(&self) -> i64 {
        self.now as i64 + self.wall_ahead
    }

    /// Lets everything happen until the wall clock shows this.
    pub(crate) fn run_until(&mut self, wall: i64) {
        let span = wall - self.wall();
        assert!(span >= 0, "{wall} is in the past");
        self.run_for(span as u64);
    }

    /// What becomes of the daemons of an instance, one after the other; the last one stays.
    pub(crate) fn daemons(&mut self, instance: u32, daemons: &[Daemon]) {
        self.daemons.insert(InstanceId(instance), daemons.to_vec());
    }

    /// What the launchers of an instance print last.
    pub(crate) fn launcher_says(&mut self, instance: u32, line: &str) {
        self.sayings.insert((InstanceId(instance), LAUNCHER), line.to_owned());
    }

    /// What a container tool says of the end of a container of this instance.
    pub(crate) fn container_ends(&mut self, instance: u32, code: &str) {
        self.sayings.insert((InstanceId(instance), EXIT_CODE), code.to_owned());
    }

    /// Wishes something.
    pub(crate) fn command(&mut self, command: Command) {
        if command == Command::Quit && self.quit_at.is_none() {
            self.quit_at = Some(self.now);
        }
        self.tell(Event::Command(command));
    }

    /// Tells the supervisor something and performs what it answers.
    pub(crate) fn tell(&mut self, event: Event) {
        let now = Now { mono: Time(Duration::from_millis(self.now)), wall: Wall(self.wall()) };
        let effects = self.supervisor.step(now, event.clone());
        if matches!(event, Event::Reloaded { .. }) {
            self.spare_by_now();
        }
        self.history.push((now, event, effects.clone()));
        for effect in effects {
            self.perform(&effect);
            self.effects.push(effect);
        }
    }

    /// Lets the next thing happen, if one does before `until`; tells whether it did.
    ///
    /// A supervisor that never lets time pass fails here, and does not hang.
    pub(crate) fn happen(&mut self, until: u64) -> bool {
        let before = self.now;
        let happened = self.next_happening(until);
        self.busy = if self.now > before { 0 } else { self.busy + 1 };
        assert!(self.busy < 5_000, "time stands still at {} ms: {:?}", self.now, self.supervisor.deadline());
        happened
    }

    fn next_happening(&mut self, until: u64) -> bool {
        let fact = self.queue.first().map(|&(at, ..)| at);
        let tick = self
            .supervisor
            .deadline()
            .map(|at| at.0.as_millis() as u64 + u64::from(at.0.subsec_nanos() % 1_000_000 > 0));
        let tick = tick.map(|at| at.max(self.now));
        match (fact, tick) {
            (Some(fact), tick) if fact <= until && tick.is_none_or(|tick| fact <= tick) => {
                let (at, _, run, happening) = self.queue.pop_first().unwrap();
                self.now = at.max(self.now);
                self.come_true(run, happening);
                true
            }
            (_, Some(tick)) if tick <= until => {
                self.now = tick + self.chance(self.jitter + 1);
                self.ticks += 1;
                self.tell(Event::Tick);
                true
            }
            _ => false,
        }
    }

    /// Lets everything happen for so many milliseconds.
    pub(crate) fn run_for(&mut self, span: u64) {
        let until = self.now + span;
        while self.happen(until) {}
        self.now = self.now.max(until);
    }

    /// Somebody unknown floods every terminal: none is ever quiet.
    pub(crate) fn forget_quiet(&mut self) {
        self.queue.retain(|(.., happening)| *happening != Happening::Quiet);
    }

    /// The picture.
    pub(crate) fn view(&self) -> View {
        self.supervisor.view()
    }

    /// The state of an instance of the first system.
    pub(crate) fn state(&self, instance: usize) -> State {
        self.view().systems[0].jobs[instance].state
    }

    /// All states of the first system.
    pub(crate) fn states(&self) -> Vec<State> {
        self.view().systems[0].jobs.iter().map(|job| job.state).collect()
    }

    /// The runs of an instance, hooks apart.
    pub(crate) fn runs_of(&self, instance: InstanceId) -> impl Iterator<Item = &SimRun> {
        self.runs.values().filter(move |run| run.instance == instance && run.hook.is_none())
    }

    /// Whether a run of an instance has a leader that lives.
    pub(crate) fn has_living_leader(&self, instance: InstanceId) -> bool {
        self.runs_of(instance).any(|run| run.leader_alive() && !run.given_up)
    }

    /// Whether not even KILL can have ended it: it does not hear it, or was not born when it came.
    pub(crate) fn is_hopeless(&self, run: RunId) -> bool {
        let run = &self.runs[&run];
        let spares = run.hook.is_none() && (run.spares || self.spares(run.instance));
        let mut meant = run.processes.iter().filter(|process| process.alive && (process.in_group || !spares));
        let undying = meant.all(|process| process.undying);
        undying || matches!(run.habit, Habit::Tardy(_))
    }

    /// What nothing could end ends by itself.
    pub(crate) fn wakes(&mut self, run: RunId) {
        let leader = self.runs[&run].leader;
        self.runs.get_mut(&run).unwrap().processes[leader].undying = false;
        self.later(1, run, Happening::Exits(leader, 0));
    }

    /// Whether it may live on (`stop.reach`).
    pub(crate) fn is_spared(&self, run: &SimRun) -> bool {
        let spares = run.hook.is_none() && (run.spares || self.spares(run.instance));
        run.reaped && spares && run.alive_in_group() == 0
    }

    /// `stop.reach` is applied in place: what it spares by now is spared of runs that were born before.
    fn spare_by_now(&mut self) {
        let mut spared: Vec<RunId> =
            self.runs.iter().filter(|(_, run)| !run.closed).map(|(id, _)| *id).collect();
        spared.retain(|run| self.runs[run].hook.is_none() && self.spares(self.runs[run].instance));
        for run in spared {
            self.runs.get_mut(&run).unwrap().spares = true;
        }
    }

    fn spares(&self, instance: InstanceId) -> bool {
        self.job_of(instance).is_some_and(|job| job.stop.reach == Reach::Group)
    }

    /// The effects since the last call.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The same history gives the same effects.
    pub(crate) fn assert_replay(&self) {
        let mut again = self.first.clone();
        for (now, event, effects) in &self.history {
            assert_eq!(&again.step(*now, event.clone()), effects, "replayed {event:?}");
        }
        assert_eq!(again, self.supervisor);
    }

    /// A number below `bound`: xorshift64.
    pub(crate) fn chance(&mut self, bound: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % bound.max(1)
    }

    fn later(&mut self, delay: u64, run: RunId, happening: Happening) {
        let order = self.chance(u64::MAX);
        self.queue.insert((self.now + delay, order, run, happening));
    }

    fn news(&mut self, run: RunId, happening: Happening) {
        let delay = self.chance(self.jitter + 1);
        self.later(delay, run, happening);
    }

    fn perform(&mut self, effect: &Effect) {
        match effect {
            Effect::Ask { run, question } => self.ask(*run, question),
            Effect::Dismiss { run } => {
                assert!(self.questions.remove(run).is_some(), "dismissed {run:?}, which is not open");
            }
            Effect::Listen { run, patterns } => {
                let is_closed = self.runs.get(run).is_some_and(|run| run.closed);
                assert!(!is_closed, "listens to {run:?}, which is closed");
                self.listened.insert(*run, patterns.iter().map(|pattern| pattern.meaning).collect());
            }
            Effect::Adopt { run, .. } => {
                assert!(!self.runs[run].closed, "adopts for {run:?}, which is closed");
                self.news(*run, Happening::Adopts);
            }
            Effect::Forget { instance } => {
                assert!(self.forgotten.insert(*instance), "{instance:?} is forgotten twice");
                let own = self.runs.values().filter(|run| run.instance == *instance && !self.is_spared(run));
                let left: usize = own.map(SimRun::alive).sum();
                assert_eq!(left, 0, "{instance:?} is forgotten, but something of it lives");
            }
            Effect::Spawn { run, instance, launch } => {
                assert!(self.quit_at.is_none(), "spawned after quit");
                assert!(!launch.argv.is_empty());
                self.assert_alone(*instance);
                let habit = self.habit(*instance, self.runs_of(*instance).count());
                let steps = self.steps_of(launch);
                self.make(*run, *instance, habit, steps, None);
                let program = launch.argv[0].to_string_lossy().into_owned();
                self.runs.get_mut(run).unwrap().program = program;
            }
            Effect::SpawnHook { run, instance, kind, launch } => {
                assert!(!launch.argv.is_empty());
                assert_eq!(launch.heard, kind.audience() == Audience::Heard);
                match kind {
                    HookKind::Before | HookKind::Init | HookKind::Probe => {
                        assert!(self.quit_at.is_none(), "{kind:?} after quit");
                    }
                    HookKind::After | HookKind::Stop | HookKind::Inspect | HookKind::Signal => {}
                }
                let same =
                    self.runs.values().filter(|run| run.instance == *instance && run.hook == Some(*kind));
                let number = same.count();
                let habits = self.hook_habits.get(&(*instance, kind.name())).map_or(&[][..], Vec::as_slice);
                let habit = habits.get(number).or(habits.last()).copied().unwrap_or(Habit::Exits(20, 0));
                let words = launch.argv.iter().map(|word| word.to_str().unwrap().to_owned());
                self.errands.insert(*run, words.collect());
                self.make(*run, *instance, habit, 0, Some(*kind));
            }
            Effect::Signal { run, signal, delivery } => self.signal(*run, *signal, *delivery),
            Effect::Write { run, .. } => {
                let known = &self.runs[run];
                assert!(known.born && !known.reaped, "typed into {run:?}, which has no process");
            }
            Effect::Resize { .. } => {}
            Effect::AwaitQuiet { run } => {
                assert!(self.runs[run].reaped && !self.runs[run].closed);
                self.later(500, *run, Happening::Quiet);
            }
            Effect::Survey { run } => {
                let known = &self.runs[run];
                assert!(!known.closed, "surveyed {run:?}, which is closed");
                let leader_hidden = u32::from(known.born && !known.reaped && !known.leader_alive());
                let in_group = known.alive_in_group() as u32 + leader_hidden;
                let count = known.alive() as u32 + leader_hidden;
                self.news(*run, Happening::Counted(count, in_group));
            }
            Effect::Close { run } => {
                let known = self.runs.get_mut(run).unwrap();
                assert!(!known.closed, "closed {run:?} twice");
                assert_eq!(known.alive(), 0, "closed {run:?}, of which something lives");
                known.closed = true;
            }
            Effect::Spare { run } => {
                assert!(self.is_spared(&self.runs[run]), "{run:?} is spared and must not be");
                let known = self.runs.get_mut(run).unwrap();
                assert!(!known.closed, "closed {run:?} twice");
                known.closed = true;
            }
            Effect::Record(record) => self.note(record),
            Effect::Finish { code } => {
                assert_eq!((*code, self.finished), (0, None), "finished twice");
                self.finished = Some(self.now);
            }
        }
    }

    /// Never two questions of one probe at a time.
    fn ask(&mut self, run: RunId, question: &Question) {
        assert!(self.quit_at.is_none(), "asked after quit");
        let Some(owner) = self.supervisor.owner(run) else {
            // Asked and dismissed in one turn.
            self.questions.insert(run, (InstanceId(u32::MAX), question.clone()));
            return;
        };
        let same = self.questions.values().any(|open| *open == (owner, question.clone()));
        assert!(!same, "asked twice at a time: {question:?}");
        let number = self.asked.iter().filter(|(asked, _)| *asked == owner).count();
        self.questions.insert(run, (owner, question.clone()));
        self.asked.push((owner, question.clone()));
        let replies = self.replies.get(&owner).map_or(&[][..], Vec::as_slice);
        match replies.get(number).or(replies.last()).copied().unwrap_or(Reply::Yes(5)) {
            Reply::Yes(after) => self.later(after, run, Happening::Answers(true)),
            Reply::No(after) => self.later(after, run, Happening::Answers(false)),
            Reply::Never => {}
        }
    }

    fn note(&mut self, record: &Record) {
        match (&record.kind, record.run) {
            (RecordKind::Left { .. }, Some(run)) => {
                assert!(
                    self.is_hopeless(run),
                    "gave up on {run:?}, which can be ended: {:?}",
                    self.runs[&run]
                );
                self.runs.get_mut(&run).unwrap().given_up = true;
            }
            (RecordKind::NotStarted { .. }, Some(run)) => {
                let known = self.runs.get_mut(&run).unwrap();
                known.reaped = true;
                known.closed = true;
            }
            (RecordKind::Exited { expected: true, .. }, _) => {
                self.ended_well.extend(record.instance);
            }
            _ => {}
        }
    }

    /// The first rule: never two live runs of one instance, lingerers counted, and also those that nothing could end, but for
    /// what only asked something.
    fn assert_alone(&self, instance: InstanceId) {
        let own = || self.runs.iter().filter(|(_, run)| run.instance == instance);
        // What its `before` left behind belongs to the work that begins.
        let before = own().rfind(|(_, run)| run.hook == Some(HookKind::Before)).map(|(id, _)| *id);
        // What `stop.reach` spares may live beside all others.
        let is_stuck = |run: &SimRun| run.given_up && run.hook == Some(HookKind::Probe);
        let is_free = |id: &RunId, run: &SimRun| {
            is_stuck(run) || run.reaped && (Some(*id) == before || self.is_spared(run))
        };
        // Of most runs nothing is left: these are not asked more.
        let left = own().filter(|(_, run)| !run.closed || run.alive() > 0);
        for (id, run) in left.filter(|(id, run)| !is_free(id, run)) {
            assert!(run.closed, "spawned beside {id:?} of the same instance, {} alive: {run:?}", run.alive());
            assert_eq!(run.alive(), 0);
        }
    }

    fn habit(&self, instance: InstanceId, number: usize) -> Habit {
        let habits = self.habits.get(&instance).map_or(&[][..], Vec::as_slice);
        habits.get(number).or(habits.last()).copied().unwrap_or(Habit::Good)
    }

    /// The job of an instance, unless the file no longer has it.
    pub(crate) fn job_of(&self, instance: InstanceId) -> Option<&Job> {
        let view = self.supervisor.view();
        let seen = view.systems.iter().flat_map(|system| &system.jobs).find(|job| job.id == instance)?;
        let systems = self.supervisor.plan().systems.iter();
        let mut jobs = systems.flat_map(|system| system.jobs.iter().map(move |job| (&system.name, &**job)));
        let is_it = |(system, job): &(&String, &Job)| {
            job.name == seen.name && seen.address.split('/').next() == Some(system.as_str())
        };
        jobs.find(is_it).map(|(_, job)| job)
    }

    fn steps_of(&self, launch: &Launch) -> u16 {
        let value = |name: &str| {
            let found = launch.env.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.to_string_lossy().into_owned()).unwrap_or_default()
        };
        let systems = self.supervisor.plan().systems.iter();
        let mut jobs =
            systems.filter(|system| system.name == value("ZAP_SYSTEM")).flat_map(|system| &system.jobs);
        let job = jobs.find(|job| job.name == value("ZAP_JOB")).unwrap();
        match job.launch.as_ref().map(|launch| &launch.work) {
            Some(zap::config::Work::Steps { steps, .. }) if launch.nonce.is_some() => steps.len() as u16,
            _ => 0,
        }
    }

    fn make(&mut self, run: RunId, instance: InstanceId, habit: Habit, steps: u16, hook: Option<HookKind>) {
        let fresh = SimRun {
            instance,
            hook,
            born: false,
            reaped: false,
            drained: false,
            closed: false,
            given_up: false,
            processes: Vec::new(),
            spares: hook.is_none() && self.spares(instance),
            leader: 0,
            daemon: None,
            fate: None,
            habit,
            exit: None,
            steps,
            program: String::new(),
        };
        assert!(self.runs.insert(run, fresh).is_none(), "{run:?} was used before");
        let delay = match habit {
            Habit::Tardy(delay) => delay,
            _ => self.chance(self.jitter + 1),
        };
        self.later(delay, run, Happening::Born);
    }

    fn signal(&mut self, run: RunId, signal: i32, delivery: Delivery) {
        let known = &self.runs[&run];
        assert!(known.born && !known.closed, "signalled {run:?}, which has no process");
        match delivery {
            Delivery::Leader => assert!(!known.reaped, "signalled a reaped leader"),
            // Who of it is left is found one by one.
            Delivery::Group => {
                assert!(!known.reaped || known.spares, "signalled the group of a reaped leader");
            }
            Delivery::Family => {}
        }
        let mut struck = Vec::new();
        for (index, process) in known.processes.iter().enumerate() {
            let meant = match delivery {
                Delivery::Leader => index == known.leader,
                Delivery::Group => process.in_group,
                Delivery::Family => true,
            };
            let heard = if signal == 9 { !process.undying } else { !process.deaf && !process.undying };
            if meant && heard && process.alive && (signal == 9 || !process.dying) {
                struck.push((index, if signal == 9 { 0 } else { process.dies_after }));
            }
        }
        for (index, after) in struck {
            self.runs.get_mut(&run).unwrap().processes[index].dying = true;
            let delay = after + self.chance(self.jitter + 1);
            self.later(delay, run, Happening::Dies(index, signal));
        }
    }

    fn come_true(&mut self, run: RunId, happening: Happening) {
        match happening {
            Happening::Born => self.born(run),
            Happening::Exits(index, code) => self.ends(run, index, Exit::Code(code)),
            Happening::Vanishes(index) => self.ends(run, index, Exit::Unknown),
            Happening::Crashes => self.ends(run, 0, Exit::Signal(11)),
            Happening::Dies(index, signal) => self.ends(run, index, Exit::Signal(signal)),
            Happening::Forks(index) => self.runs.get_mut(&run).unwrap().daemon = Some(index),
            Happening::Adopts => self.adopts(run),
            Happening::Reaped => {
                let known = self.runs.get_mut(&run).unwrap();
                known.reaped = true;
                let exit = known.exit.unwrap();
                self.tell(Event::Exited { run, exit });
            }
            Happening::Drained if self.runs[&run].closed => {}
            Happening::Drained => {
                self.says(run);
                self.tell(Event::Drained { run });
            }
            Happening::Quiet => {
                let known = &self.runs[&run];
                let floods = known.processes.iter().any(|process| process.alive && process.floods);
                if floods && !known.closed {
                    self.later(500, run, Happening::Quiet);
                } else if !known.drained && !known.closed {
                    self.tell(Event::Quiet { run });
                }
            }
            Happening::Answers(good) => {
                // An answer that comes too late may still be told.
                let answer = if good { Answer::Yes } else { Answer::No("connection refused".to_owned()) };
                self.questions.remove(&run);
                self.tell(Event::Answered { run, answer });
            }
            Happening::Prints(good) => {
                let meaning = if good { Meaning::Ready } else { Meaning::Fail };
                if self.listened.get(&run).is_some_and(|heard| heard.contains(&meaning)) {
                    let line = "error: no database".to_owned();
                    let notice = if good { Notice::Ready } else { Notice::Fail { line } };
                    self.tell(Event::Noticed { run, notice });
                }
            }
            Happening::Counted(left, in_group) => self.tell(Event::Surveyed { run, left, in_group }),
            Happening::Begins(step) => {
                if self.runs[&run].leader_alive() {
                    self.later(100, run, Happening::Ends(step));
                    self.tell(Event::Step { run, mark: StepMark::Begin { step } });
                }
            }
            Happening::Ends(step) => {
                let known = &self.runs[&run];
                if known.leader_alive() && step + 1 < known.steps {
                    self.later(1, run, Happening::Begins(step + 1));
                    self.tell(Event::Step { run, mark: StepMark::End { step, code: 0 } });
                }
            }
        }
    }

    /// Its last line, if somebody wants it.
    fn says(&mut self, run: RunId) {
        let known = &self.runs[&run];
        let name = match known.hook {
            Some(kind) if kind.audience() == Audience::Shown => return,
            Some(_) if self.errands[&run].iter().any(|word| word.contains("ExitCode")) => EXIT_CODE,
            Some(kind) => kind.name(),
            None => LAUNCHER,
        };
        if let Some(line) = self.sayings.get(&(known.instance, name)).cloned() {
            self.tell(Event::Said { run, line });
        }
    }

    fn born(&mut self, run: RunId) {
        if self.runs[&run].hook.is_none() {
            // Habits may be told after the start.
            let instance = self.runs[&run].instance;
            let earlier =
                self.runs.range(..run).filter(|(_, one)| one.instance == instance && one.hook.is_none());
            let habit = self.habit(instance, earlier.count());
            self.runs.get_mut(&run).unwrap().habit = habit;
        }
        let habit = self.runs[&run].habit;
        if habit == Habit::Missing {
            let known = self.runs.get_mut(&run).unwrap();
            known.reaped = true;
            known.closed = true;
            let error = SpawnError::Command("no such file: ./api".to_owned());
            self.tell(Event::SpawnFailed { run, error });
            return;
        }
        let leader = Process {
            in_group: true,
            holds_terminal: true,
            floods: false,
            deaf: habit == Habit::Deaf,
            undying: habit == Habit::Undying,
            dies_after: if let Habit::Slow(after) = habit { after } else { 1 },
            dying: false,
            alive: true,
        };
        let known = self.runs.get_mut(&run).unwrap();
        known.born = true;
        known.processes.push(leader);
        match habit {
            Habit::Exits(after, code) => self.later(after, run, Happening::Exits(0, code)),
            Habit::Crashes(after) => self.later(after, run, Happening::Crashes),
            Habit::Leaves(after, child) => {
                self.bear(run, child);
                self.later(after, run, Happening::Exits(0, 0));
            }
            Habit::Guards(child) => self.bear(run, child),
            Habit::Good
            | Habit::Deaf
            | Habit::Slow(_)
            | Habit::Undying
            | Habit::Missing
            | Habit::Tardy(_) => {}
        }
        let instance = self.runs[&run].instance;
        if self.runs[&run].hook.is_none() {
            let number = self.runs_of(instance).count() - 1;
            let daemons = self.daemons.get(&instance).map_or(&[][..], Vec::as_slice);
            let fate = daemons.get(number).or(daemons.last()).copied();
            self.runs.get_mut(&run).unwrap().fate = fate;
            if let Some(Daemon::Comes(after, life)) = fate {
                let index = self.runs[&run].processes.len();
                self.bear_daemon(run, life);
                self.later(after, run, Happening::Forks(index));
            }
        }
        if let Some((after, good)) = self.lines.get(&instance).copied()
            && self.runs[&run].hook.is_none()
        {
            self.later(after, run, Happening::Prints(good));
        }
        if self.runs[&run].steps > 0 {
            self.later(2, run, Happening::Begins(0));
        }
        self.tell(Event::Spawned { run, pid: run.0 as i32 + 1_000 });
    }

    fn bear(&mut self, run: RunId, child: Child) {
        let process = Process {
            in_group: child == Child::Member,
            holds_terminal: matches!(child, Child::Clinger | Child::Flooder),
            floods: child == Child::Flooder,
            deaf: matches!(child, Child::Deaf | Child::Member),
            undying: child == Child::Undying,
            dies_after: 1,
            dying: false,
            alive: true,
        };
        self.runs.get_mut(&run).unwrap().processes.push(process);
        if let Child::Brief(after) = child {
            self.later(after, run, Happening::Dies(1, 15));
        }
    }

    /// The daemon of a run is there, in a session of its own; its pid can be read later.
    fn bear_daemon(&mut self, run: RunId, life: Life) {
        let known = self.runs.get_mut(&run).unwrap();
        let index = known.processes.len();
        known.processes.push(Process {
            in_group: false,
            holds_terminal: false,
            floods: false,
            deaf: life == Life::Deaf,
            undying: false,
            dies_after: 1,
            dying: false,
            alive: true,
        });
        match life {
            Life::Exits(after, code) => self.later(after, run, Happening::Exits(index, code)),
            Life::Vanishes(after) => self.later(after, run, Happening::Vanishes(index)),
            Life::Good | Life::Deaf => {}
        }
    }

    /// The pid is read, if it is there: nobody is told of the launcher's end any more.
    fn adopts(&mut self, run: RunId) {
        let known = self.runs.get_mut(&run).unwrap();
        if known.closed {
            return;
        }
        let gone = || ("process 77 has already ended".to_owned(), Hope::Never);
        let refused = match (known.fate, known.daemon) {
            (Some(Daemon::Stranger), _) => Some(("process 1 is older than the run".to_owned(), Hope::Never)),
            (Some(Daemon::Dead), _) => Some(gone()),
            (_, Some(daemon)) if !known.processes[daemon].alive => Some(gone()),
            (_, Some(_)) => None,
            (_, None) => Some(("/run/x.pid is not there yet".to_owned(), Hope::Later)),
        };
        if let Some((why, hope)) = refused {
            self.tell(Event::NotAdopted { run, why, hope });
            return;
        }
        let daemon = known.daemon.unwrap();
        known.leader = daemon;
        known.reaped = false;
        for (index, process) in known.processes.iter_mut().enumerate() {
            process.in_group = index == daemon;
        }
        self.queue.retain(|(.., of, happening)| (*of, *happening) != (run, Happening::Reaped));
        self.tell(Event::Adopted { run, pid: 7_000 + run.0 as i32 });
    }

    /// A container tool has sent a signal: `podman kill --signal TERM ID`.
    fn strike_container(&mut self, errand: RunId, instance: InstanceId) {
        let signal = if self.errands[&errand][3] == "KILL" { 9 } else { 15 };
        let contained = |(id, run): (&RunId, &SimRun)| {
            let daemon = run.daemon.filter(|&daemon| run.processes[daemon].alive)?;
            (run.instance == instance && (signal == 9 || !run.processes[daemon].deaf))
                .then_some((*id, daemon))
        };
        if let Some((run, daemon)) = self.runs.iter().find_map(contained) {
            self.later(1, run, Happening::Dies(daemon, signal));
        }
    }

    fn ends(&mut self, run: RunId, index: usize, exit: Exit) {
        if index == self.runs[&run].leader {
            self.leader_ends(run, exit);
        } else if self.runs[&run].processes[index].alive {
            self.dies(run, index);
        }
    }

    fn leader_ends(&mut self, run: RunId, exit: Exit) {
        let known = self.runs.get_mut(&run).unwrap();
        if !known.leader_alive() {
            return;
        }
        known.exit = Some(exit);
        let (hook, instance) = (known.hook, known.instance);
        let leader = known.leader;
        self.news(run, Happening::Reaped);
        self.dies(run, leader);
        if hook == Some(HookKind::Signal) && exit == Exit::Code(0) {
            self.strike_container(run, instance);
        }
        if hook == Some(HookKind::Stop) && exit == Exit::Code(0) {
            let living = |(id, run): (&RunId, &SimRun)| {
                (run.instance == instance
                    && run.hook.is_none()
                    && run.leader_alive()
                    && run.habit != Habit::Undying)
                    .then_some(*id)
            };
            if let Some(stopped) = self.runs.iter().find_map(living) {
                let leader = self.runs[&stopped].leader;
                self.later(5, stopped, Happening::Exits(leader, 0));
            }
        }
    }

    fn dies(&mut self, run: RunId, index: usize) {
        let known = self.runs.get_mut(&run).unwrap();
        known.processes[index].alive = false;
        if !known.drained && !known.terminal_is_held() {
            known.drained = true;
            self.news(run, Happening::Drained);
        }
    }
}
