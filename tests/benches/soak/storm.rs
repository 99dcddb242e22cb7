//! A storm over flows that have something to lose: permits, places, slots of queues, tasks, budgets, streams. In each part their nodes fail,
//! panic, take too long, are cancelled and read slowly, on all threads; behind it everything has to be where it was, and
//! each flow has to run as many at once as before.

mod ears;
mod flows;
mod house;
mod senders;

use crate::kit::{Tally, now};
use crate::{GROWTH_BYTES_MAX, heap};
use flows::Site;
use futures_util::future::join_all;
use house::Guests;
use penguiflow::Counts;
use senders::{Orders, Told};
use std::time::Duration;
use tokio::runtime::Runtime;

/// Observed and unobserved ones in turn: hops take different ways.
const PARTS: u32 = 5;
/// How long what has ended may take to be gone.
const CALM: Duration = Duration::from_secs(20);
const SETTLE: Duration = Duration::from_millis(500);

/// What a part has come to.
struct Part {
    told: Vec<Told>,
    faults: Vec<String>,
}

/// Runs it all; whether all of it was as it has to be.
pub(crate) fn storm(runtime: &Runtime, long: Duration) -> bool {
    let (payloads, sites) = (Tally::default(), runtime.block_on(async { flows::start() }));
    let guests = Guests { payloads: payloads.clone() };
    let mut faults = runtime.block_on(houses(&sites, &guests));
    let ground = Ground { runtime, tasks: stay(runtime), payloads, sites: &sites, guests };
    println!(
        "| part | observed | traces | completed | failed | cancelled | late | over budget | dropped | live bytes | faults |"
    );
    println!(
        "| ---: | :------: | -----: | --------: | -----: | --------: | ---: | ----------: | ------: | ---------: | -----: |"
    );
    for part in 0..PARTS {
        if !faults.is_empty() {
            // Behind a fault nothing can be trusted.
            break;
        }
        let observed = part % 2 == 1;
        let (mut found, used) = heap::used(|| ground.part(Orders { part, observed, until: now() + long / PARTS }));
        // The first part fills what stays.
        if part > 0 && used.live > GROWTH_BYTES_MAX {
            found.faults.push(format!("{:.0} bytes more than before", used.live));
        }
        line(part, observed, &found, used.live);
        faults.append(&mut found.faults);
    }
    drop(sites);
    if faults.is_empty() && !within(CALM, || runtime.metrics().num_alive_tasks() == 0) {
        faults.push(format!("{} tasks outlive their flows", runtime.metrics().num_alive_tasks()));
    }
    faults.iter().for_each(|fault| println!("{fault}"));
    faults.is_empty()
}

/// Where it storms.
struct Ground<'a> {
    runtime: &'a Runtime,
    /// How many tasks stay.
    tasks: usize,
    payloads: Tally,
    sites: &'a [Site],
    guests: Guests,
}

impl Ground<'_> {
    fn part(&self, orders: Orders) -> Part {
        let before: Vec<Counts> = self.sites.iter().map(|site| (site.counts)()).collect();
        let mut part = self.run(orders);
        if part.faults.is_empty() {
            part.faults = self.calm();
        }
        if part.faults.is_empty() {
            part.faults = sums(self.sites, &before, &mut part.told);
        }
        if part.faults.is_empty() {
            part.faults = self.runtime.block_on(houses(self.sites, &self.guests));
        }
        if part.faults.is_empty() {
            part.faults = self.calm();
        }
        part
    }

    fn run(&self, orders: Orders) -> Part {
        let storms = self.sites.iter().map(|site| (site.storm)(orders, self.payloads.clone()));
        let told = self.runtime.block_on(join_all(storms));
        let said = |(told, site): (&Told, &Site)| told.faults.iter().map(|fault| site.says(fault)).collect::<Vec<_>>();
        let faults = told.iter().zip(self.sites).flat_map(said).collect();
        Part { told, faults }
    }

    /// Whether everything comes to rest, and what does not.
    fn calm(&self) -> Vec<String> {
        let inside = || self.sites.iter().map(|site| (site.in_flight)()).sum::<usize>();
        let (live, alive) = (|| self.payloads.live(), || self.runtime.metrics().num_alive_tasks());
        if within(CALM, || (inside(), live(), alive()) == (0, 0, self.tasks)) {
            return Vec::new();
        }
        let (inside, live, alive, stay) = (inside(), live(), alive(), self.tasks);
        vec![format!(
            "no calm: {inside} traces inside, {live} payloads live, {alive} tasks alive, of which {stay} stay"
        )]
    }
}

/// Whether each flow's own counts are those of who sent to it.
fn sums(sites: &[Site], before: &[Counts], told: &mut [Told]) -> Vec<String> {
    let mut faults = Vec::new();
    for ((site, before), told) in sites.iter().zip(before).zip(told) {
        faults.extend(told.against(before, &(site.counts)()).iter().map(|fault| site.says(fault)));
    }
    faults
}

/// Whether each flow takes in as many as it may, and no more, and lets all of them through.
async fn houses(sites: &[Site], guests: &Guests) -> Vec<String> {
    let filled = join_all(sites.iter().map(|site| (site.house)(guests.clone()))).await;
    filled.iter().zip(sites).filter_map(|(filled, site)| Some(site.says(filled.as_ref().err()?))).collect()
}

fn line(part: u32, observed: bool, found: &Part, live: f64) {
    let all = found.told.iter().fold(senders::Seen::default(), |all, told| all + told.seen);
    let senders::Seen { completed, failed, cancelled, late, over_budget, dropped } = all;
    let traces: u64 = found.told.iter().map(|told| told.let_in).sum();
    let (observed, faults) = (if observed { "yes" } else { "no" }, found.faults.len());
    println!(
        "| {part} | {observed} | {traces} | {completed} | {failed} | {cancelled} | {late} | {over_budget} | {dropped} | {live:.0} | {faults} |"
    );
}

/// How many tasks stay with their flows, as the workers of queues do; others are on their way out.
fn stay(runtime: &Runtime) -> usize {
    let (alive, until) = (|| runtime.metrics().num_alive_tasks(), now() + SETTLE);
    let mut least = alive();
    while now() < until {
        least = least.min(alive());
        std::thread::yield_now();
    }
    least
}

/// Waits, on the main thread, until `done` holds.
fn within(limit: Duration, done: impl Fn() -> bool) -> bool {
    let until = now() + limit;
    while !done() {
        if now() > until {
            return false;
        }
        std::thread::yield_now();
    }
    true
}
