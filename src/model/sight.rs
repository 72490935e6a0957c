//! Who waits for whom, seen once for all: the links of the chains of reasons, and their ends. Not: the sentences (`why`).

use crate::config::Until;
use crate::model::Supervisor;
use crate::model::phase::Phase;

/// Who waits for whom, by index.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    blocks: Vec<Option<Block>>,
    roots: Vec<(usize, Option<Until>)>,
}

/// What an instance waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    /// Whom.
    pub(super) on: usize,
    /// What that one must have come to.
    pub(super) until: Until,
}

impl Supervisor {
    /// Looks at everybody: the needed first, so that the end of each chain is known when it is wanted.
    pub(super) fn sight(&self) -> Sight {
        let standings = self.graph.standings(&self.instances);
        let mut blocks = vec![None; self.instances.len()];
        let mut roots: Vec<(usize, Option<Until>)> =
            (0..self.instances.len()).map(|index| (index, None)).collect();
        for &node in self.graph.order() {
            let unmet = self.graph.unmet(node, &standings);
            let block = unmet.and_then(|need| {
                let lacks = |&member: &usize| {
                    let member = &self.instances[member];
                    member.leaving.is_none() && !member.meets(need.until)
                };
                let mut members = self.graph.members(need.on);
                let on = members.clone().find(lacks).or_else(|| members.next())?;
                Some(Block { on, until: need.until })
            });
            for index in self.graph.members(node) {
                if self.instances[index].phase == Phase::Waiting {
                    blocks[index] = block;
                    roots[index] = block.map_or((index, None), |block| {
                        let (root, until) = roots[block.on];
                        (root, until.or(Some(block.until)))
                    });
                }
            }
        }
        Sight { blocks, roots }
    }
}

impl Sight {
    /// The job that an instance waits for.
    pub(super) fn block(&self, index: usize) -> Option<Block> {
        self.blocks[index]
    }

    /// Whom it waits for in the end, through all others that wait; itself if it does not wait for anybody.
    pub(super) fn root(&self, index: usize) -> usize {
        self.roots[index].0
    }

    /// What that one must have come to.
    pub(super) fn root_until(&self, index: usize) -> Option<Until> {
        self.roots[index].1
    }

    /// Who stands in its way.
    pub(super) fn blocker(&self, index: usize) -> Option<usize> {
        self.blocks[index].map(|block| block.on)
    }
}
