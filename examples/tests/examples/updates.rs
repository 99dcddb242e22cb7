//! What a user of the example `roadmap` sees, step by step.

use crate::roadmap::{Answer, Update, app, ask};
use std::collections::HashMap;

async fn seen(question: &str) -> (Vec<(String, Update)>, Answer) {
    let app = app().expect("starts");
    let mut seen = Vec::new();
    let see = |place, update| {
        seen.push((place, update));
        Ok(())
    };
    let answer = ask(&app, question, see).await.expect("answers");
    assert_eq!((app.in_flight(), app.discarded_chunks()), (0, 0));
    (seen, answer)
}

fn plan(seen: &[(String, Update)]) -> Vec<&str> {
    let steps = seen.iter().filter_map(|(_, update)| match update {
        Update::Plan(step) => Some(step.as_str()),
        _ => None,
    });
    steps.collect()
}

/// The steps that ran, in the order of their beginning, each with how it ended.
fn steps(seen: &[(String, Update)]) -> Vec<(&str, &Update)> {
    let mut ended: HashMap<&str, &Update> = HashMap::new();
    let mut begun = Vec::new();
    for (place, update) in seen {
        match update {
            Update::Running(step) => begun.push((place, step.as_str())),
            Update::Ok | Update::Error => assert!(ended.insert(place, update).is_none(), "{place} ends once"),
            Update::Plan(_) | Update::Answer(_) | Update::LastOfAnswer(_) => {}
        }
    }
    assert_eq!(begun.len(), ended.len());
    begun.into_iter().map(|(place, step)| (step, ended[place.as_str()])).collect()
}

#[tokio::test(start_paused = true)]
async fn the_first_status_tells_that_the_way_is_looked_for() {
    let (seen, _) = seen("krill").await;
    assert_eq!(seen[0].1, Update::Running("Determining message path".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn the_steps_that_were_planned_are_those_that_run_and_each_ends_well() {
    let (seen, _) = seen("krill").await;
    let (plan, steps) = (plan(&seen), steps(&seen));
    assert_eq!(plan, ["Parsing documents", "Extracting metadata", "Summarizing"]);
    let of_plan = |step: &str| plan.iter().position(|planned| step.starts_with(planned));
    let ran: Vec<_> = steps.iter().filter_map(|(step, _)| of_plan(step)).collect();
    assert_eq!(ran, [0, 1, 1, 1, 2], "metadata is extracted of three documents");
    assert!(steps.iter().all(|(_, end)| **end == Update::Ok), "{steps:?}");
}

#[tokio::test(start_paused = true)]
async fn the_answer_comes_in_two_chunks_and_is_what_the_flow_returns() {
    let (seen, answer) = seen("krill").await;
    let texts = seen.iter().filter_map(|(_, update)| match update {
        Update::Answer(text) => Some((text.as_str(), false)),
        Update::LastOfAnswer(text) => Some((text.as_str(), true)),
        _ => None,
    });
    let texts: Vec<_> = texts.collect();
    assert_eq!((texts.len(), texts[0].1, texts[1].1), (2, false, true));
    assert_eq!(answer.text, format!("{}{}", texts[0].0, texts[1].0));
    assert_eq!((answer.route.as_str(), answer.artifacts.len()), ("documents", 3));
}

#[tokio::test(start_paused = true)]
async fn a_bug_takes_the_other_branch_and_a_failed_attempt_is_seen_as_one() {
    let (seen, answer) = seen("the parser has a bug").await;
    assert_eq!((plan(&seen), answer.route.as_str()), (vec!["Collecting logs", "Reproducing the failure"], "bug"));
    let ends: Vec<_> = steps(&seen).into_iter().filter(|(step, _)| step.starts_with("Reproducing")).collect();
    assert_eq!(ends, [("Reproducing the failure", &Update::Error), ("Reproducing the failure", &Update::Ok)]);
    assert!(!steps(&seen).iter().any(|(step, _)| step.starts_with("Parsing")));
}
