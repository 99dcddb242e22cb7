//! Finds the step of a flow's listing at which an event happened. Reads places as they are written.

use crate::graph::topology::{FlowInfo, StepInfo};

/// Where an event happened: the run of a flow or of a loop's turn, by its key, and the step in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    /// What stands before the step in its structural key.
    pub(super) run: String,
    /// The flow that runs there.
    pub(super) info: Listed,
    /// The number of the step.
    pub(super) step: u32,
}

/// A flow's listing. Two are the same if they are the same constant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed(pub(super) &'static FlowInfo);

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Listed {
    pub(super) fn step(self, number: u32) -> Option<&'static StepInfo> {
        self.0.steps.iter().find(|step| step.place == Some(number))
    }

    pub(super) fn index(self, number: u32) -> Option<usize> {
        self.0.steps.iter().position(|step| step.place == Some(number))
    }
}

/// The spot of a structural key under the flow `info`; nothing for what runs inside a call, and for the worker of a map.
pub(super) fn spot(info: &'static FlowInfo, key: &str) -> Option<Spot> {
    let (run, step) = match key.rfind('/') {
        Some(at) => key.split_at(at + 1),
        None => ("", key),
    };
    let run = around_turns(run, step);
    let mut flow = info;
    let mut worker: Option<&StepInfo> = None;
    for level in run.split_terminator('/') {
        if let Some((map, _)) = level.split_once('[') {
            worker = Some(Listed(flow).step(map.parse().ok()?)?);
        } else if level.contains(':') {
            // A turn stays in its flow.
            worker = None;
        } else {
            let step = match worker.take() {
                Some(map) => map,
                None => Listed(flow).step(level.parse().ok()?)?,
            };
            flow = step.flow?;
        }
    }
    if worker.is_some() {
        return None;
    }
    Some(Spot { run: run.to_owned(), info: Listed(flow), step: step.parse().ok()? })
}

/// The run that a controller is a step of: each of its turns stands in a run of its own, under the controller's own number.
fn around_turns<'a>(run: &'a str, step: &str) -> &'a str {
    let level = run.strip_suffix('/').map_or("", |run| run.rsplit('/').next().unwrap_or(run));
    match level.split_once(':') {
        Some((controller, _)) if controller == step => &run[..run.len() - level.len() - 1],
        _ => run,
    }
}

/// The maps around a structural key: the key of each and the item in it.
pub(super) fn items(key: &str) -> Vec<(&str, &str)> {
    let open = key.match_indices('[').filter_map(|(at, _)| {
        let close = key[at..].find(']')? + at;
        Some((&key[..at], &key[at + 1..close]))
    });
    open.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_controller_s_turn_is_that_step_of_the_run_around_it() {
        let around = [("2:0/", "2"), ("1/2:7/", "2"), ("1:0/2:0/", "2"), ("2:0/", "3"), ("2/", "2"), ("", "2")];
        assert_eq!(around.map(|(run, step)| around_turns(run, step)), ["", "1/", "1:0/", "2:0/", "2/", ""]);
    }
}
