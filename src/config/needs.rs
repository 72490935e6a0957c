//! What `depends-on` refers to: jobs by their addresses, and circles among them. Not: when a need is met.

use std::collections::btree_map::{BTreeMap, Entry};
use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use super::gather::Gather;
use super::plan::{Need, OnLoss, Until};
use super::suggest::{listed, nearest};

/// A job that the file speaks of, whether or not it could be read.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) system: String,
    pub(super) job: String,
    pub(super) kind: Kind,
    pub(super) wanted: Vec<Wanted>,
}

/// What a job is to those who need it, where they do not say until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Somebody is asked whether it is ready.
    Probed,
    /// It is meant to end.
    OneShot,
    /// It runs.
    Plain,
}

/// One entry of `depends-on`.
#[derive(Debug)]
pub(super) enum Wanted {
    Job(Wish),
    /// Already what the plan has.
    Command(Need),
}

/// How many places of a circle are shown; its names all are.
const MOST_PLACES: usize = 10;

/// A job by its address.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) address: String,
    pub(super) span: Range<usize>,
    pub(super) said: Said,
    pub(super) until: Option<Until>,
    pub(super) on_loss: OnLoss,
}

/// Where a need was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// In the job itself.
    Here,
    /// In defaults, which may name the job itself among others.
    InDefaults,
}

/// All jobs of the file, by name.
struct Jobs<'n> {
    named: &'n [Named],
    /// Where the jobs of a name are, in the order of the file.
    by_name: HashMap<&'n str, Vec<usize>>,
}

impl Jobs<'_> {
    fn in_system(&self, system: &str, job: &str) -> Option<usize> {
        self.named_so(job).iter().copied().find(|at| self.named[*at].system == system)
    }

    fn named_so(&self, job: &str) -> &[usize] {
        self.by_name.get(job).map_or(&[], Vec::as_slice)
    }
}

/// A need that was found: the index of the job, and where it was written.
struct Edge {
    to: usize,
    span: Range<usize>,
}

/// The needs of each job, in the order of `jobs`; everything wrong is told.
pub(super) fn resolve(jobs: &[Named], gather: &mut Gather) -> Vec<Vec<Need>> {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, named) in jobs.iter().enumerate() {
        by_name.entry(named.job.as_str()).or_default().push(at);
    }
    let all = Jobs { named: jobs, by_name };
    let mut edges: Vec<Vec<Edge>> = Vec::with_capacity(jobs.len());
    let mut needs: Vec<Vec<Need>> = Vec::with_capacity(jobs.len());
    for from in 0..jobs.len() {
        let (found, needed) = of_one(&all, from, gather);
        edges.push(found);
        needs.push(needed);
    }
    tell_circles(jobs, &edges, gather);
    needs
}

/// The needs of one job, and which jobs they lead to.
fn of_one(jobs: &Jobs<'_>, from: usize, gather: &mut Gather) -> (Vec<Edge>, Vec<Need>) {
    let job = &jobs.named[from];
    let mut edges: Vec<Edge> = Vec::new();
    let mut needs = Vec::new();
    for wanted in &job.wanted {
        let wish = match wanted {
            Wanted::Job(wish) => wish,
            Wanted::Command(need) => {
                needs.push(need.clone());
                continue;
            }
        };
        let Some(to) = find(jobs, from, wish, gather) else { continue };
        let twice = edges.iter().any(|edge| edge.to == to);
        match (to == from, wish.said) {
            (true, Said::Here) => gather.error(wish.span.clone(), format!("`{}` needs itself", job.job)),
            (true, Said::InDefaults) => {}
            (false, _) if twice => {
                gather.warning(wish.span.clone(), format!("`{}` is named twice", wish.address), None);
            }
            (false, _) => {
                edges.push(Edge { to, span: wish.span.clone() });
                needs.push(met_by(&jobs.named[to], wish));
            }
        }
    }
    (edges, needs)
}

fn met_by(job: &Named, wish: &Wish) -> Need {
    let usual = match job.kind {
        Kind::Probed => Until::Ready,
        Kind::OneShot => Until::Done,
        Kind::Plain => Until::Running,
    };
    Need::Job {
        system: job.system.clone(),
        job: job.job.clone(),
        until: wish.until.unwrap_or(usual),
        on_loss: wish.on_loss,
    }
}

/// The job that an address names: `db` in the own system first, else where it is unique; `dev/db` there.
fn find(jobs: &Jobs<'_>, from: usize, wish: &Wish, gather: &mut Gather) -> Option<usize> {
    let address = wish.address.as_str();
    let (base, instance) =
        address.split_once(['#', ':']).map_or((address, None), |(base, rest)| (base, Some(rest)));
    if instance.is_some() {
        let message = format!("an instance (`{address}`) cannot be needed by itself");
        gather.hinted(wish.span.clone(), message, format!("write `{base}` for the job"));
        return None;
    }
    match address.split_once('/') {
        Some((system, job)) => {
            let found = jobs.in_system(system, job);
            if found.is_none() {
                unknown_in_system(jobs.named, system, job, wish, gather);
            }
            found
        }
        None => find_by_name(jobs, from, wish, gather),
    }
}

fn find_by_name(jobs: &Jobs<'_>, from: usize, wish: &Wish, gather: &mut Gather) -> Option<usize> {
    let address = wish.address.as_str();
    if let Some(found) = jobs.in_system(&jobs.named[from].system, address) {
        return Some(found);
    }
    match jobs.named_so(address) {
        [only] => Some(*only),
        [] => {
            unknown(jobs.named, from, wish, gather);
            None
        }
        candidates => {
            let names: Vec<String> = candidates.iter().map(|at| full(&jobs.named[*at])).collect();
            let message = format!("several jobs are named `{address}`");
            gather.hinted(wish.span.clone(), message, format!("which one: {}?", listed(&names, "or")));
            None
        }
    }
}

fn unknown(jobs: &[Named], from: usize, wish: &Wish, gather: &mut Gather) {
    let address = wish.address.as_str();
    if address.trim().is_empty() {
        gather.error(wish.span.clone(), "an empty address");
        return;
    }
    if let Some(job) = jobs.iter().find(|named| named.system == address) {
        let message = format!("`{address}` is a system, and a need is a job");
        gather.missing(wish.span.clone(), message, Some(format!("for example `{}`", full(job))));
        return;
    }
    let own: Vec<&str> = jobs
        .iter()
        .enumerate()
        .filter(|(at, named)| *at != from && named.system == jobs[from].system)
        .map(|(_, named)| named.job.as_str())
        .collect();
    let near = nearest(address, own).map(str::to_owned).or_else(|| {
        let near = nearest(address, jobs.iter().map(|named| named.job.as_str()))?;
        jobs.iter()
            .find(|named| named.job == near)
            .map(|named| if named.system == jobs[from].system { named.job.clone() } else { full(named) })
    });
    let hint = near.map(|near| format!("did you mean `{near}`?"));
    gather.missing(wish.span.clone(), format!("no job named `{address}`"), hint);
}

fn unknown_in_system(jobs: &[Named], system: &str, job: &str, wish: &Wish, gather: &mut Gather) {
    let inside: Vec<&str> =
        jobs.iter().filter(|named| named.system == system).map(|named| named.job.as_str()).collect();
    if inside.is_empty() {
        let near = nearest(system, jobs.iter().map(|named| named.system.as_str()));
        let hint = near.map(|near| format!("did you mean `{near}/{job}`?"));
        gather.missing(wish.span.clone(), format!("no system named `{system}`"), hint);
        return;
    }
    let hint = nearest(job, inside).map(|near| format!("did you mean `{system}/{near}`?"));
    gather.missing(wish.span.clone(), format!("no job named `{job}` in the system `{system}`"), hint);
}

/// Tells one circle, a shortest one, for each job that is the first of the file in it.
fn tell_circles(jobs: &[Named], edges: &[Vec<Edge>], gather: &mut Gather) {
    let mut told = met_in_order(edges);
    for start in 0..jobs.len() {
        if told[start] {
            continue;
        }
        let Some(circle) = shortest_circle(start, edges) else { continue };
        for (at, _) in &circle {
            told[*at] = true;
        }
        tell(jobs, &circle, gather);
    }
}

/// Which jobs can be started one after the other, each after what it needs. The others are in a circle, or wait for one.
fn met_in_order(edges: &[Vec<Edge>]) -> Vec<bool> {
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (from, found) in edges.iter().enumerate() {
        for edge in found {
            needed_by[edge.to].push(from);
        }
    }
    let mut unmet: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut met = vec![false; edges.len()];
    let mut ready: Vec<usize> = (0..edges.len()).filter(|at| unmet[*at] == 0).collect();
    while let Some(at) = ready.pop() {
        met[at] = true;
        for from in &needed_by[at] {
            unmet[*from] -= 1;
            if unmet[*from] == 0 {
                ready.push(*from);
            }
        }
    }
    met
}

/// The jobs of a shortest way from `start` back to itself, each with the place where it names the next one.
fn shortest_circle(start: usize, edges: &[Vec<Edge>]) -> Option<Vec<(usize, Range<usize>)>> {
    let mut came_from: BTreeMap<usize, (usize, Range<usize>)> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for edge in &edges[at] {
            if edge.to == start {
                let mut circle = vec![(at, edge.span.clone())];
                let mut back = at;
                while let Some((before, span)) = came_from.get(&back) {
                    circle.push((*before, span.clone()));
                    back = *before;
                }
                circle.reverse();
                return Some(circle);
            }
            if let Entry::Vacant(unseen) = came_from.entry(edge.to) {
                unseen.insert((at, edge.span.clone()));
                queue.push_back(edge.to);
            }
        }
    }
    None
}

fn tell(jobs: &[Named], circle: &[(usize, Range<usize>)], gather: &mut Gather) {
    let first = &jobs[circle[0].0];
    let across = circle.iter().any(|(at, _)| jobs[*at].system != first.system);
    let name = |at: usize| if across { full(&jobs[at]) } else { jobs[at].job.clone() };
    let mut way: Vec<String> = circle.iter().map(|(at, _)| name(*at)).collect();
    way.push(name(circle[0].0));
    let next = |step: usize| name(circle[(step + 1) % circle.len()].0);
    let remark = |step: usize| format!("`{}` needs `{}`", name(circle[step].0), next(step));
    let mut related: Vec<(Range<usize>, String)> = Vec::new();
    for step in 1..circle.len().min(MOST_PLACES) {
        let span = circle[step].1.clone();
        if span != circle[0].1 && !related.iter().any(|(other, _)| *other == span) {
            related.push((span, remark(step)));
        }
    }
    let message = format!("jobs need each other in a circle: `{}`", way.join(" -> "));
    gather.related(circle[0].1.clone(), message, Some(remark(0)), related);
}

fn full(job: &Named) -> String {
    format!("{}/{}", job.system, job.job)
}
