//! Chains that do not nest, in every shape.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Kind {
    Good(u64),
    Thin(u64),
    Bad,
}

#[router]
fn triage(n: u64) -> Kind {
    match n % 3 {
        0 => Kind::Good(n),
        1 => Kind::Thin(n),
        _ => Kind::Bad,
    }
}

macro_rules! nodes {
    ($($name:ident)*) => {$(
        #[node]
        fn $name(n: u64) -> u64 {
            n
        }
    )*};
}
nodes!(a b c d x y z);

#[node]
fn two((n, _): (u64, u64)) -> u64 {
    n
}

#[node]
fn outcome((n, _): (Result<u64, penguiflow::BranchError>, Result<u64, penguiflow::BranchError>)) -> u64 {
    n.unwrap_or_default()
}

flow! { bridge(u64) -> u64 { a -> (b, c); b -> d; (b, c) -> join -> two; (d, two) -> settle -> outcome } }
flow! { arms_meet(u64) -> u64 { a -> triage { Good -> x, Thin -> y, Bad -> done }; x -> b -> z; y -> z; z -> d } }
flow! { ends(u64) -> u64 { a -> triage { Good -> x, Thin -> y, Bad -> drop }; x -> b; y -> c } }
flow! { arms_behind(u64) -> u64 { a -> triage; triage { Good -> x, Thin -> y, Bad -> drop }; x -> b; y -> c } }
flow! { aside(u64) -> u64 { a -> tee(d -> z) -> (b, c); b -> tee(z, best_effort) -> x; (x, c) -> first -> y } }
flow! { apart(u64) -> u64 { a -> parallel(b, c); b -> d; (b, c) -> join -> two; (d, two) -> join -> two as other } }
flow! { from_the_input(u64) -> u64 { (a, b); a -> c; a -> d; (c, d) -> join -> two; (b, two) -> join -> two as other } }
flow! { out_of_a_fork(u64) -> u64 { a -> (b, c) -> join -> two; b -> d; (d, two) -> join -> two as other } }
flow! { with_queues(u64) -> u64 { channels(4) a -> (b, c); b -> queue(8) -> d; (b, c) -> join -> two; (d, two) -> join -> two as other } }

fn main() {}
