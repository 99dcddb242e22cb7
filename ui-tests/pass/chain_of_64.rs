//! A chain of 64 nodes, run in a debug build on a small stack with messages of a kibibyte.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;
use std::thread;

struct Page([u64; 128]);

macro_rules! nodes {
    ($($name:ident),+ $(,)?) => {
        $(
            #[node]
            async fn $name(mut page: Page) -> Page {
                page.0[0] += 1;
                page
            }
        )+
    };
}

nodes! {
    n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15,
    n16, n17, n18, n19, n20, n21, n22, n23, n24, n25, n26, n27, n28, n29, n30, n31,
    n32, n33, n34, n35, n36, n37, n38, n39, n40, n41, n42, n43, n44, n45, n46, n47,
    n48, n49, n50, n51, n52, n53, n54, n55, n56, n57, n58, n59, n60, n61, n62, n63,
}

flow! {
    support(Page) -> Page {
        n0 -> n1 -> n2 -> n3 -> n4 -> n5 -> n6 -> n7 -> n8 -> n9 -> n10 -> n11 -> n12 -> n13 -> n14 -> n15
            -> n16 -> n17 -> n18 -> n19 -> n20 -> n21 -> n22 -> n23 -> n24 -> n25 -> n26 -> n27 -> n28 -> n29 -> n30 -> n31
            -> n32 -> n33 -> n34 -> n35 -> n36 -> n37 -> n38 -> n39 -> n40 -> n41 -> n42 -> n43 -> n44 -> n45 -> n46 -> n47
            -> n48 -> n49 -> n50 -> n51 -> n52 -> n53 -> n54 -> n55 -> n56 -> n57 -> n58 -> n59 -> n60 -> n61 -> n62 -> n63
    }
}

fn main() {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let app = support::flow().start().expect("starts");
            let page = app.call(Page([0; 128])).await.expect("goes through");
            assert_eq!(page.0[0], 64);
        });
    };
    let small = thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(run).expect("a thread");
    small.join().expect("the stack is large enough");
}
