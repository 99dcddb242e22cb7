//! Mistakes in chains under a condition: those of a build that is not made are nobody's.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! {
    there(String) -> String {
        clean -> clean as again;
        #[cfg(not(test))]
        again -> length;
        //~^ length: the flow `there` ends with `usize`, but its header says `String`
    }
}

flow! {
    not_there(String) -> String {
        clean -> clean as again;
        #[cfg(test)]
        again -> no_such_node;
    }
}

flow! {
    other(String) -> usize {
        clean -> clean as again;
        #[inline]
        //~^ #[inline]: a chain takes no attribute but `#[cfg(…)]`
        again -> length
    }
}

fn main() {}
