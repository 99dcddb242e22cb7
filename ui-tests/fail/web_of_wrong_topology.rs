//! Mistakes between chains: a join that starves, two arrows into one node, a cycle, two ends, a chain that nothing leads to.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Found {
    Thin(u64),
    Rich(u64),
}

#[router]
fn triage(n: u64) -> Found {
    if n < 10 { Found::Thin(n) } else { Found::Rich(n) }
}

macro_rules! nodes {
    ($($name:ident)*) => {$(
        #[node]
        fn $name(n: u64) -> u64 {
            n
        }
    )*};
}
nodes!(clean lookup search rank enough);

#[node]
fn both((n, m): (u64, u64)) -> u64 {
    n + m
}

flow! {
    starves(u64) -> u64 {
        clean -> (triage { Thin -> lookup, Rich -> enough }, search);
        (lookup, search) -> join -> both;
        //~^ join: `join` may never fire: `lookup` runs only in arm `Thin` of `triage` | write the `join` inside that arm
        enough -> rank
    }
}

flow! {
    two_arrows(u64) -> u64 {
        clean -> (lookup, search);
        lookup -> rank;
        search -> rank
        //~^ rank: `rank` is reached from `lookup` and `search`: write `(lookup, search) -> join -> rank` | `rank as other`
    }
}

flow! {
    cycle(u64) -> u64 {
        clean -> (lookup, search);
        lookup -> rank;
        (rank, search) -> join -> both;
        both -> lookup
        //~^ lookup: `lookup` is reached from itself: lookup -> rank -> join -> both -> lookup | `repeat(turns = n) { … }`
    }
}

flow! {
    two_ends(u64) -> u64 {
        clean -> (lookup, search);
        lookup -> rank;
        //~^ rank: this flow ends with `search` and with `rank`, which run side by side | `(search, rank) -> join`
        lookup -> enough
    }
}

flow! {
    unreached(u64) -> u64 {
        clean -> lookup;
        search -> rank
        //~^ search: `search` is never reached: a flow begins with its first chain, at `clean` | lead an arrow to `search`
    }
}

flow! {
    misspelt(u64) -> u64 {
        clean -> lookup;
        lokup -> rank
        //~^ lokup: no chain leads to `lokup`: did you mean `lookup`?
    }
}

fn main() {}
