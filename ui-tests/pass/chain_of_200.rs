//! A chain of 200 nodes, run in a debug build on a small stack with messages of a kibibyte.
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
    n64, n65, n66, n67, n68, n69, n70, n71, n72, n73, n74, n75, n76, n77, n78, n79,
    n80, n81, n82, n83, n84, n85, n86, n87, n88, n89, n90, n91, n92, n93, n94, n95,
    n96, n97, n98, n99, n100, n101, n102, n103, n104, n105, n106, n107, n108, n109, n110, n111,
    n112, n113, n114, n115, n116, n117, n118, n119, n120, n121, n122, n123, n124, n125, n126, n127,
    n128, n129, n130, n131, n132, n133, n134, n135, n136, n137, n138, n139, n140, n141, n142, n143,
    n144, n145, n146, n147, n148, n149, n150, n151, n152, n153, n154, n155, n156, n157, n158, n159,
    n160, n161, n162, n163, n164, n165, n166, n167, n168, n169, n170, n171, n172, n173, n174, n175,
    n176, n177, n178, n179, n180, n181, n182, n183, n184, n185, n186, n187, n188, n189, n190, n191,
    n192, n193, n194, n195, n196, n197, n198, n199,
}

flow! {
    support(Page) -> Page {
        n0 -> n1 -> n2 -> n3 -> n4 -> n5 -> n6 -> n7 -> n8 -> n9 -> n10 -> n11 -> n12 -> n13 -> n14 -> n15
            -> n16 -> n17 -> n18 -> n19 -> n20 -> n21 -> n22 -> n23 -> n24 -> n25 -> n26 -> n27 -> n28 -> n29 -> n30 -> n31
            -> n32 -> n33 -> n34 -> n35 -> n36 -> n37 -> n38 -> n39 -> n40 -> n41 -> n42 -> n43 -> n44 -> n45 -> n46 -> n47
            -> n48 -> n49 -> n50 -> n51 -> n52 -> n53 -> n54 -> n55 -> n56 -> n57 -> n58 -> n59 -> n60 -> n61 -> n62 -> n63
            -> n64 -> n65 -> n66 -> n67 -> n68 -> n69 -> n70 -> n71 -> n72 -> n73 -> n74 -> n75 -> n76 -> n77 -> n78 -> n79
            -> n80 -> n81 -> n82 -> n83 -> n84 -> n85 -> n86 -> n87 -> n88 -> n89 -> n90 -> n91 -> n92 -> n93 -> n94 -> n95
            -> n96 -> n97 -> n98 -> n99 -> n100 -> n101 -> n102 -> n103 -> n104 -> n105 -> n106 -> n107 -> n108 -> n109 -> n110 -> n111
            -> n112 -> n113 -> n114 -> n115 -> n116 -> n117 -> n118 -> n119 -> n120 -> n121 -> n122 -> n123 -> n124 -> n125 -> n126 -> n127
            -> n128 -> n129 -> n130 -> n131 -> n132 -> n133 -> n134 -> n135 -> n136 -> n137 -> n138 -> n139 -> n140 -> n141 -> n142 -> n143
            -> n144 -> n145 -> n146 -> n147 -> n148 -> n149 -> n150 -> n151 -> n152 -> n153 -> n154 -> n155 -> n156 -> n157 -> n158 -> n159
            -> n160 -> n161 -> n162 -> n163 -> n164 -> n165 -> n166 -> n167 -> n168 -> n169 -> n170 -> n171 -> n172 -> n173 -> n174 -> n175
            -> n176 -> n177 -> n178 -> n179 -> n180 -> n181 -> n182 -> n183 -> n184 -> n185 -> n186 -> n187 -> n188 -> n189 -> n190 -> n191
            -> n192 -> n193 -> n194 -> n195 -> n196 -> n197 -> n198 -> n199
    }
}

fn main() {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let app = support::flow().start().expect("starts");
            let page = app.call(Page([0; 128])).await.expect("goes through");
            assert_eq!(page.0[0], 200);
        });
    };
    let small = thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(run).expect("a thread");
    small.join().expect("the stack is large enough");
}
