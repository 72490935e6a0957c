//! Compares what is with what should be, and starts and stops what differs. The only place where something is started or
//! stopped because of wants and needs. Not: wishes and deadlines, which only move phases (`wish`, `Instance::tick`), nor what
//! clock and file say (`changeover`).

use std::sync::Arc;

use crate::model::Supervisor;
use crate::model::instance::Wish;
use crate::model::needs::{Graph, Need, Standing};
use crate::model::phase::{Course, Phase, Reason, Rest};
use crate::model::queue::Queue;
use crate::model::turn::Turn;

impl Supervisor {
    /// Two passes: the needed first, since what they became decides about those that need them; then the dependants first,
    /// since what they no longer hold may be told to end.
    pub(super) fn reconcile(&mut self, turn: &mut Turn) {
        let graph = Arc::clone(&self.graph);
        let mut standings = vec![Standing::default(); graph.order().len()];
        let mut queue = Queue::of(&self.instances, &self.plan.settings, self.last_start);
        for &node in graph.order() {
            let unmet = graph.unmet(node, &standings);
            for index in graph.members(node) {
                self.leave_rest(index, turn);
                self.instances[index].follow(turn);
                self.settle(index, unmet, &graph, &standings, &mut queue, turn);
                self.instances[index].prove();
            }
            standings[node] = graph.standing(node, &self.instances);
        }
        if self.instances.iter().any(|instance| instance.phase.untold().is_some()) {
            self.release_all(&graph, turn);
        }
    }

    /// Brings one instance closer to what it should be.
    fn settle(
        &mut self,
        index: usize,
        unmet: Option<Need>,
        graph: &Graph,
        standings: &[Standing],
        queue: &mut Queue,
        turn: &mut Turn,
    ) {
        let instance = &mut self.instances[index];
        instance.queued = None;
        match (&instance.phase, instance.wish) {
            (Phase::Waiting, Wish::Up) if unmet.is_none() => self.start_if_free(index, queue, turn),
            (Phase::Waiting, Wish::Up) => instance.ask_no_more(turn),
            (Phase::Preparing { .. } | Phase::Starting { .. } | Phase::Running { .. }, Wish::Up) => {
                let unmet = graph.needs(graph.node(index)).iter();
                let unmet = unmet.filter(|need| !standings[need.on].keeps(need.until));
                instance.lose(unmet, turn);
            }
            (
                Phase::Preparing { .. }
                | Phase::Starting { .. }
                | Phase::Running { .. }
                | Phase::Waiting
                | Phase::Scheduled
                | Phase::Held { .. }
                | Phase::Backoff { .. },
                Wish::Down,
            ) => {
                instance.stop(Reason::Stop, turn);
            }
            (
                Phase::Stopped(_)
                | Phase::Scheduled
                | Phase::Held { .. }
                | Phase::Stopping { .. }
                | Phase::Backoff { .. }
                | Phase::Done { .. }
                | Phase::Failed { .. },
                _,
            ) => {}
        }
    }

    /// The jobs that it needs are as they should be: it starts if nothing else is in the way.
    fn start_if_free(&mut self, index: usize, queue: &mut Queue, turn: &mut Turn) {
        let instance = &mut self.instances[index];
        instance.queued = queue.leaver(instance);
        if instance.queued.is_some() {
            // Its commands are not asked either: what is about to end would answer them.
            instance.ask_no_more(turn);
            return;
        }
        instance.end_leftovers(turn);
        if !instance.inquire(turn) || !instance.has_room() {
            return;
        }
        let Some(offer) = instance.calendar.offer() else { return };
        instance.queued = queue.holds(turn.now);
        if instance.queued.is_none() {
            let launch = Arc::clone(&offer.launch);
            instance.accept(offer);
            instance.begin(&launch, turn);
            queue.take(&self.plan.settings, turn.now);
            self.last_start = Some(turn.now.mono);
        }
    }

    /// A stop that is complete rests, or makes room for the next start; what rests and is wanted waits.
    fn leave_rest(&mut self, index: usize, turn: &mut Turn) {
        let instance = &mut self.instances[index];
        let at_rest = match &instance.phase {
            Phase::Stopping { course: Course::Clearing, .. } => instance.is_clear_or_given_up(),
            Phase::Stopped(_) => instance.wish == Wish::Up,
            Phase::Stopping { .. }
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => false,
        };
        if at_rest {
            match instance.wish {
                Wish::Up => instance.enter(Phase::Waiting, turn.now),
                Wish::Down => instance.come_to_rest(Rest::Asked, turn),
            }
        }
    }

    /// Tells held runs to end that no dependant holds, the highest numbers first.
    fn release_all(&mut self, graph: &Graph, turn: &mut Turn) {
        let holding = |node: usize| graph.members(node).any(|index| self.holds(index));
        let holding: Vec<bool> = (0..graph.order().len()).map(holding).collect();
        for &node in graph.order().iter().rev() {
            if graph.dependants(node).iter().any(|&dependant| holding[dependant]) {
                continue;
            }
            for index in graph.members(node).rev() {
                if let Some((reason, live)) = self.instances[index].phase.untold() {
                    self.instances[index].tell(reason, live, turn);
                }
            }
        }
    }

    /// Whether what this one needs must not be told to end before it has ended itself. What lost a need is stopping already.
    pub(super) fn holds(&self, index: usize) -> bool {
        let instance = &self.instances[index];
        match instance.phase {
            Phase::Stopping { .. } => true,
            Phase::Starting { .. } | Phase::Running { .. } | Phase::Preparing { .. } => false,
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Held { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => self.is_quitting() && !instance.is_clear_or_given_up(),
        }
    }
}
