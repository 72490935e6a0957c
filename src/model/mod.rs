//! What should happen: the supervisor as a pure state machine. No IO, clocks, threads, locks or randomness.
//!
//! * The words it shares with others: `command`, `event`, `effect`, `view`, `exit`, `id`, `time`.
//! * `supervisor` takes an event; `wish` carries out commands; `reconcile` compares what is with what should be, by the `needs`;
//!   `loss` says what follows when one is lost; `quit` ends everything.
//! * An `instance` is in a `phase`; `start`, `stop` and `end` move it; `policy`, `backoff` and `guard` judge an end; a `leftover`
//!   is what lives on after it; `steps` are how far its sequence is.
//! * `launch` and `script` say what is run; `picture`, `overview` and `why` what is seen; `lookup` what an address means.
//! * `life` is what is known of a run: its `fault`, whether it is `ready`, its `health`. `probing` counts answers, `asking` gets
//!   them; `hook` runs the commands beside a job; `subject` finds the process that is supervised, `container` one in a container.
//! * `roster` knows who is there; `reload` who comes and goes, `foresee` tells it before; `calendar`, `window` and `versions` what
//!   the wall clock says, `changeover` what follows; `inquiry` asks commands that are needed; `queue` who starts beside whom.
//! * `sight` sees who waits for whom, `upcoming` what happens next; `closeup`, `rules`, `variables` and `past` make the
//!   `details`; `forecast` is what a reload would do.
//! * `turn` gathers the effects, `author` tells who brings one about; `signal` and `span` hold a few words; `rest` tells when
//!   nothing is left to happen, `goal` whether a job may still come to something; `record` is what happened, `retold` the same in
//!   words, `word` a state. `usage` is what a run uses of the machine, for eyes and wires alone.

mod asking;
mod author;
mod backoff;
mod calendar;
mod changeover;
mod closeup;
mod command;
mod container;
mod details;
mod effect;
mod end;
mod event;
mod exit;
mod fault;
mod forecast;
mod foresee;
mod goal;
mod guard;
mod happening;
mod health;
mod hook;
mod id;
mod inquiry;
mod instance;
mod late;
mod launch;
mod leftover;
mod life;
mod lookup;
mod loss;
mod needs;
mod overview;
mod past;
mod phase;
mod picture;
mod policy;
mod probing;
mod queue;
mod quit;
mod ready;
mod recall;
mod reconcile;
mod record;
mod reload;
mod rest;
mod retold;
mod roster;
mod rules;
pub mod script;
mod sight;
mod signal;
mod span;
mod start;
mod steps;
mod stop;
mod subject;
mod supervisor;
mod time;
mod turn;
mod upcoming;
mod usage;
mod variables;
mod versions;
mod view;
mod why;
mod window;
mod wish;
mod word;

pub use command::{Command, Target};
pub use details::{Details, Limit, Link, Origin, Past, ProbeView, Variable, VersionView};
pub use effect::{
    Audience, Delivery, Effect, HookKind, Launch, Meaning, Pattern, PidSource, Question, Stream, StreamFile,
};
pub use event::{Answer, Event, Hope, Notice, SpawnError, StepMark};
pub use exit::Exit;
pub use forecast::{Change, ChangeKind, Forecast};
pub use goal::{Goal, Prospect, Roots};
pub use happening::Happening;
pub use id::{InstanceId, Nonce, RunId, Size};
pub use launch::{Surroundings, expanded, pid_file};
pub use lookup::{Found, NotFound, resolve, resolve_shown};
pub use recall::Station;
pub use record::{By, Record, RecordKind};
pub use signal::name as signal_name;
pub use supervisor::Supervisor;
pub use time::{Now, Time, Wall};
pub use usage::{Usage, in_bytes, in_percent};
pub use view::{
    FileProblem, InstanceView, Next, NextKind, Overview, Quitting, RunView, State, StepState, StepView,
    Survivor, SystemView, View,
};
pub use word::in_full;
