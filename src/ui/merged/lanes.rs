//! The lines of several jobs in order of time, those of one time in the order of the jobs: a merge that is walked to both sides
//! from any place. Not: rows.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::{InstanceId, SystemView};
use crate::ui::Terminals;
use crate::ui::merged::lane::{Lane, Times};

/// The jobs whose lines are merged.
pub(super) struct Lanes<'t> {
    /// In the order in which the file has them.
    pub(super) lanes: Vec<Lane<'t>>,
}

/// A place between two lines: in each lane the number of the first line behind it.
pub(super) type Gap = Vec<u64>;

/// A line: which lane, and its number there.
pub(super) type LaneLine = (usize, u64);

/// So few lines are counted one by one.
const FEW: u64 = 512;

impl<'t> Lanes<'t> {
    /// The jobs of a system that have ever had output, with what is known of their times.
    pub(super) fn new(system: &SystemView, terminals: &'t Terminals, times: &Times) -> Self {
        let lane = |id| Some(Lane::knowing(id, terminals.get(&id)?, times));
        Self { lanes: system.jobs.iter().filter_map(|job| lane(job.id)).collect() }
    }

    /// Before the first line.
    pub(super) fn start(&self) -> Gap {
        self.lanes.iter().map(|lane| lane.lines.start).collect()
    }

    /// Behind the last line.
    pub(super) fn end(&self) -> Gap {
        self.lanes.iter().map(|lane| lane.lines.end).collect()
    }

    /// How many lines there are.
    pub(super) fn count(&self) -> u64 {
        self.rank(&self.end())
    }

    /// How many lines stand before a place.
    pub(super) fn rank(&self, gap: &Gap) -> u64 {
        self.lanes.iter().zip(gap).map(|(lane, at)| at - lane.lines.start).sum()
    }

    /// The line behind a place.
    pub(super) fn head(&self, gap: &Gap) -> Option<LaneLine> {
        let heads = self.lanes.iter().zip(gap).enumerate().filter(|(_, (lane, at))| **at < lane.lines.end);
        let first = heads.min_by_key(|(index, (lane, at))| (lane.time(**at), *index));
        first.map(|(index, (_, at))| (index, *at))
    }

    /// The line before a place.
    pub(super) fn tail(&self, gap: &Gap) -> Option<LaneLine> {
        let tails = self.lanes.iter().zip(gap).enumerate().filter(|(_, (lane, at))| **at > lane.lines.start);
        let last = tails.max_by_key(|(index, (lane, at))| (lane.time(**at - 1), *index));
        last.map(|(index, (_, at))| (index, *at - 1))
    }

    /// Goes behind the next line, which is returned.
    pub(super) fn down(&self, gap: &mut Gap) -> Option<LaneLine> {
        let (index, line) = self.head(gap)?;
        gap[index] = line + 1;
        Some((index, line))
    }

    /// Goes before the last line, which is returned.
    pub(super) fn up(&self, gap: &mut Gap) -> Option<LaneLine> {
        let (index, line) = self.tail(gap)?;
        gap[index] = line;
        Some((index, line))
    }

    /// The place before a line.
    pub(super) fn before(&self, spot: LaneLine) -> Gap {
        self.before_within(spot, &self.start(), &self.end())
    }

    fn before_within(&self, (of, line): LaneLine, low: &Gap, high: &Gap) -> Gap {
        let time = self.lanes[of].time(line);
        let lanes = self.lanes.iter().enumerate();
        lanes
            .map(|(index, lane)| match index.cmp(&of) {
                std::cmp::Ordering::Equal => line,
                // Of one time: the lines of those that come first stand before it.
                std::cmp::Ordering::Less => lane.since(low[index]..high[index], time.saturating_add(1)),
                std::cmp::Ordering::Greater => lane.since(low[index]..high[index], time),
            })
            .collect()
    }

    /// The place before which so many lines stand, at most the end.
    pub(super) fn at_rank(&self, rank: u64) -> Gap {
        let (mut low, mut high) = (self.start(), self.end());
        if rank == 0 {
            return low;
        }
        self.draw_near(rank, &mut low, &mut high);
        let mut guesses = false;
        loop {
            let widest =
                (0..self.lanes.len()).max_by_key(|index| (high[*index] - low[*index], Reverse(*index)));
            let Some(widest) = widest else { return low };
            let left: u64 = low.iter().zip(&high).map(|(low, high)| high - low).sum();
            if left <= FEW || high[widest] - low[widest] < 2 {
                break;
            }
            guesses = !guesses;
            let wide = high[widest] - low[widest];
            // Every other step halves, however they print.
            let part = if guesses { self.part(rank, &low, &high, widest) } else { wide / 2 };
            let middle = low[widest] + part.clamp(1, wide - 1);
            let gap = self.before_within((widest, middle), &low, &high);
            if self.rank(&gap) <= rank { low = gap } else { high = gap }
        }
        let mut left = rank.saturating_sub(self.rank(&low));
        while left > 0 && self.down(&mut low).is_some() {
            left -= 1;
        }
        low
    }

    /// Draws two places near to one before which so many lines stand, by nothing but the times with which leaves begin.
    fn draw_near(&self, rank: u64, low: &mut Gap, high: &mut Gap) {
        // Where it is looked for: where the place should be; a little before it; a little behind it.
        let mut aims = vec![rank];
        let mut rounds = 0;
        while let Some(aim) = aims.pop() {
            let wide = |index: &usize| high[*index] - low[*index];
            let widest = (0..self.lanes.len()).max_by_key(|index| (wide(index), Reverse(*index)));
            let Some(widest) = widest else { return };
            let within = |at: &u64| low[widest] < *at && *at < high[widest];
            rounds += 1;
            // Every third step halves, however the jobs print.
            let part = if rounds % 3 == 0 { wide(&widest) / 2 } else { self.part(aim, low, high, widest) };
            let leaf = self.lanes[widest].leaf(low[widest] + part);
            let begins = leaf.and_then(|leaf| [leaf.start, leaf.end].into_iter().find(within));
            let Some(time) = begins.map(|at| self.lanes[widest].began(at)) else { continue };
            let (mut from, mut to) = (low.clone(), high.clone());
            for ((lane, from), to) in self.lanes.iter().zip(&mut from).zip(&mut to) {
                lane.narrow(from, to, time);
            }
            // So many lines stand at least, and at most, before that time.
            let (least, most) = (self.rank(&from), self.rank(&to));
            if most <= rank && from != *low {
                *low = from;
            } else if least >= rank && to != *high {
                *high = to;
            } else {
                if aim == rank {
                    let unsure = most.saturating_sub(least);
                    aims = vec![rank.saturating_add(unsure), rank.saturating_sub(unsure)];
                }
                continue;
            }
            if aims.is_empty() && aim == rank {
                aims.push(rank);
            }
        }
    }

    /// How far behind `low` a place is to be looked for in a lane, if all print steadily.
    fn part(&self, rank: u64, low: &Gap, high: &Gap, lane: usize) -> u64 {
        let wide = high[lane] - low[lane];
        let left = self.rank(high).saturating_sub(self.rank(low)).max(1);
        let before = rank.saturating_sub(self.rank(low)).min(left);
        (u128::from(wide) * u128::from(before) / u128::from(left)) as u64
    }

    /// A place that was kept, among the jobs and lines that there are now.
    pub(super) fn restore(&self, kept: &BTreeMap<InstanceId, u64>) -> Gap {
        let known =
            |lane: &Lane<'_>| kept.get(&lane.id).map(|at| (*at).clamp(lane.lines.start, lane.lines.end));
        let gap: Vec<Option<u64>> = self.lanes.iter().map(known).collect();
        let heads = self
            .lanes
            .iter()
            .zip(&gap)
            .filter_map(|(lane, at)| at.filter(|at| *at < lane.lines.end).map(|at| lane.time(at)));
        let time = heads.min();
        let lanes = self.lanes.iter().zip(gap);
        lanes
            .map(|(lane, at)| {
                at.unwrap_or_else(|| time.map_or(lane.lines.end, |time| lane.since(lane.lines.clone(), time)))
            })
            .collect()
    }

    /// A place as it is kept while jobs come and go.
    pub(super) fn keep(&self, gap: &Gap) -> BTreeMap<InstanceId, u64> {
        self.lanes.iter().zip(gap).map(|(lane, at)| (lane.id, *at)).collect()
    }

    /// The lane of a job.
    pub(super) fn index(&self, id: InstanceId) -> Option<usize> {
        self.lanes.iter().position(|lane| lane.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Fed, Moment, Terminal};
    use proptest::prelude::*;

    /// Terminals that printed lines at these times.
    fn terminals(times: &[Vec<i64>]) -> Vec<Terminal> {
        let printed = |times: &Vec<i64>| {
            let mut terminal = Terminal::new(24, 80);
            terminal.begin_run(1, None, Moment(0));
            for at in times {
                terminal.feed(b"x\r\n", Moment(*at), &mut Fed::default());
            }
            terminal
        };
        times.iter().map(printed).collect()
    }

    fn lanes(terminals: &[Terminal]) -> Lanes<'_> {
        let lane = |(id, terminal)| Lane::new(InstanceId(id), terminal);
        Lanes { lanes: (0..).zip(terminals).map(lane).collect() }
    }

    /// All lines in order, by sorting: a line counts as printed no earlier than those before it.
    fn sorted(times: &[Vec<i64>]) -> Vec<LaneLine> {
        let mut all = Vec::new();
        for (index, times) in times.iter().enumerate() {
            let mut latest = i64::MIN;
            for (line, at) in (0..).zip(times) {
                latest = latest.max(*at);
                all.push((latest, (index, line)));
            }
        }
        all.sort_by_key(|(at, (index, _))| (*at, *index));
        all.into_iter().map(|(_, spot)| spot).collect()
    }

    fn walked(lanes: &Lanes<'_>) -> Vec<LaneLine> {
        let mut gap = lanes.start();
        std::iter::from_fn(|| lanes.down(&mut gap)).collect()
    }

    fn any_times() -> impl Strategy<Value = Vec<Vec<i64>>> {
        let rising = proptest::collection::vec(0_i64..4, 0..200).prop_map(|steps| {
            let mut at = 0;
            steps
                .into_iter()
                .map(|step| {
                    at += step;
                    at
                })
                .collect::<Vec<_>>()
        });
        let any = proptest::collection::vec(0_i64..50, 0..200);
        proptest::collection::vec(prop_oneof![3 => rising, 1 => any], 0..6)
    }

    proptest! {
        #[test]
        fn the_merge_is_a_stable_sort(times in any_times()) {
            let terminals = terminals(&times);
            prop_assert_eq!(walked(&lanes(&terminals)), sorted(&times));
        }

        #[test]
        fn down_and_up_again_leads_back(times in any_times(), from in 0_u64..600, steps in 0_usize..600) {
            let terminals = terminals(&times);
            let lanes = lanes(&terminals);
            let start = lanes.at_rank(from);
            let mut gap = start.clone();
            let down: Vec<LaneLine> = (0..steps).map_while(|_| lanes.down(&mut gap)).collect();
            let mut up: Vec<LaneLine> = down.iter().map_while(|_| lanes.up(&mut gap)).collect();
            up.reverse();
            prop_assert_eq!(&down, &up);
            prop_assert_eq!(gap, start);
        }

        #[test]
        fn every_line_and_every_rank_is_found(times in any_times()) {
            let terminals = terminals(&times);
            let lanes = lanes(&terminals);
            for (rank, spot) in (0..).zip(sorted(&times)) {
                let before = lanes.before(spot);
                prop_assert_eq!(lanes.head(&before), Some(spot));
                prop_assert_eq!(lanes.rank(&before), rank);
                prop_assert_eq!(lanes.at_rank(rank), before);
            }
        }
    }

    #[test]
    fn a_clock_that_is_set_back_for_long_loses_no_line_and_ends() {
        let fallen: Vec<i64> = (10_000..12_000).chain(0..20_000).collect();
        let times = [fallen, (0..20_000).collect()];
        let terminals = terminals(&times);
        let lanes = lanes(&terminals);
        let mut all = walked(&lanes);
        assert_eq!(all.len(), 42_000);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 42_000, "each line once");
        let mut gap = lanes.end();
        assert_eq!(std::iter::from_fn(|| lanes.up(&mut gap)).count(), 42_000);
        for rank in (0..42_000).step_by(1_000) {
            assert_eq!(lanes.rank(&lanes.at_rank(rank)), rank);
        }
    }

    /// Jobs with so many lines each of 100 bytes, which print at paces of their own: nothing, now and then much, steadily.
    fn large(jobs: i64, lines: i64) -> Vec<Terminal> {
        let text = format!("{:<100}\r\n", "x");
        let printed = |job: i64| {
            let mut terminal = Terminal::new(24, 120);
            terminal.begin_run(1, None, Moment(0));
            for line in 0..lines {
                let at = match job % 3 {
                    0 => line * 10 + job,
                    1 => line / 500 * 5_000 + job,
                    _ => line * line / (lines / 10) + job,
                };
                terminal.feed(text.as_bytes(), Moment(at), &mut Fed::default());
            }
            terminal
        };
        (0..jobs).map(printed).collect()
    }

    #[test]
    fn a_far_place_is_found_with_few_reads_and_kept_without_any() {
        const JOBS: i64 = 6;
        let terminals = large(JOBS, 40_000);
        let times = Times::default();
        let looked = || -> Lanes<'_> {
            let lane = |(id, terminal)| Lane::knowing(InstanceId(id), terminal, &times);
            Lanes { lanes: (0..).zip(&terminals).map(lane).collect() }
        };
        let reads = |lanes: &Lanes<'_>| lanes.lanes.iter().map(Lane::reads).sum::<usize>();
        let lanes = looked();
        let mut most = 0;
        let mut before = 0;
        for rank in [120_000, 3_000, 239_000, 60_000, 200_000] {
            assert_eq!(lanes.rank(&lanes.at_rank(rank)), rank);
            most = most.max(reads(&lanes) - before);
            before = reads(&lanes);
        }
        assert!(most <= 16 * JOBS as usize, "{most} reads");
        // A frame: what stands at the place, and what stands at the end.
        let frame = |lanes: &Lanes<'_>| {
            let (mut here, mut end) = (lanes.at_rank(120_000), lanes.end());
            for _ in 0..60 {
                let _ = (lanes.down(&mut here), lanes.up(&mut end));
            }
        };
        frame(&lanes);
        let before = reads(&lanes);
        let lanes = looked();
        frame(&lanes);
        assert_eq!(reads(&lanes), before, "the next frame reads nothing again");
    }
}
