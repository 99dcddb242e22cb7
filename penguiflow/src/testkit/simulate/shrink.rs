//! Finds the least that breaks a rule: leaves decisions out, one after the other, as long as the same rule is still broken. Runs
//! nothing itself.

use crate::runtime::flow::StartError;
use crate::testkit::simulate::Broken;
use crate::testkit::simulate::breach::Breach;
use crate::testkit::simulate::drive::History;
use crate::testkit::simulate::plan::{About, Plan};

/// How many runs are spent on it.
const RUNS_MAX: usize = 400;

/// The least that breaks a rule.
pub(super) struct Least {
    plan: Plan,
    breach: Breach,
    history: Option<History>,
}

/// Leaves out what is not needed. `broken` runs a plan and tells what it breaks.
pub(super) fn shrink(
    plan: Plan,
    breach: Breach,
    broken: impl Fn(&Plan) -> Result<Option<(Breach, History)>, StartError>,
) -> Result<Least, StartError> {
    let mut least = Least { plan, breach, history: None };
    let mut runs = 0;
    let mut keeps = |least: &mut Least, plan: Plan| -> Result<bool, StartError> {
        runs += 1;
        let found = if runs > RUNS_MAX { None } else { broken(&plan)? };
        let same = found.filter(|(breach, _)| breach.rule == least.breach.rule);
        let Some((breach, history)) = same else { return Ok(false) };
        *least = Least { plan, breach, history: Some(history) };
        Ok(true)
    };
    let whole = least.plan.clone();
    keeps(&mut least, whole)?;
    while least.plan.traces > 1 {
        let mut fewer = least.plan.clone();
        fewer.traces -= 1;
        if !keeps(&mut least, fewer)? {
            break;
        }
    }
    let mut size = least.decisions().len().max(1);
    loop {
        let mut left_out_any = false;
        for part in least.decisions().chunks(size) {
            let mut fewer = least.plan.clone();
            fewer.left_out.extend(part.iter().cloned());
            left_out_any |= keeps(&mut least, fewer)?;
        }
        match size {
            1 if !left_out_any => return Ok(least),
            1 => {}
            _ => size = size.div_ceil(2),
        }
    }
}

impl Least {
    /// All that was decided and came to something.
    fn decisions(&self) -> Vec<About> {
        let mut acts: Vec<About> = self.history.iter().flat_map(|history| history.acts.keys().cloned()).collect();
        acts.sort();
        self.plan.settings().into_iter().chain(acts).collect()
    }

    /// With what is told of it. `whole` is the run before anything was left out.
    pub(super) fn into_broken(self, flow: &'static str, seed: u64, whole: History) -> Broken {
        let mut schedule = vec![match self.plan.traces {
            1 => "one message".to_owned(),
            traces => format!("{traces} messages"),
        }];
        schedule.extend(self.decisions().iter().filter_map(|about| self.plan.words(about)));
        let Breach { rule, why } = self.breach;
        let events = self.history.unwrap_or(whole).lines();
        Broken { flow, seed, rule, why, schedule, events, again: again(seed) }
    }
}

/// The command that runs the same seed again: the test's thread has the test's name.
fn again(seed: u64) -> String {
    let package = std::env::var("CARGO_PKG_NAME").map_or_else(|_| String::new(), |name| format!(" -p {name}"));
    let thread = std::thread::current();
    let test = thread.name().filter(|name| *name != "main").unwrap_or_default();
    format!("PENGUIFLOW_SEED={seed} cargo test{package} {test}").trim_end().to_owned()
}
