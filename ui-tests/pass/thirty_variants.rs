//! An enum of thirty variants, each with its arm.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Kind {
    V0,
    V1(usize),
    V2(usize),
    V3(String),
    V4(usize),
    V5,
    V6(String),
    V7(usize),
    V8(usize),
    V9(String),
    V10,
    V11(usize),
    V12(String),
    V13(usize),
    V14(usize),
    V15,
    V16(usize),
    V17(usize),
    V18(String),
    V19(usize),
    V20,
    V21(String),
    V22(usize),
    V23(usize),
    V24(String),
    V25,
    V26(usize),
    V27(String),
    V28(usize),
    V29(usize),
}

#[router]
fn sort(n: usize) -> Kind {
    match n {
        0 => Kind::V0,
        1 => Kind::V1(n),
        2 => Kind::V2(n),
        3 => Kind::V3(n.to_string()),
        4 => Kind::V4(n),
        5 => Kind::V5,
        6 => Kind::V6(n.to_string()),
        7 => Kind::V7(n),
        8 => Kind::V8(n),
        9 => Kind::V9(n.to_string()),
        10 => Kind::V10,
        11 => Kind::V11(n),
        12 => Kind::V12(n.to_string()),
        13 => Kind::V13(n),
        14 => Kind::V14(n),
        15 => Kind::V15,
        16 => Kind::V16(n),
        17 => Kind::V17(n),
        18 => Kind::V18(n.to_string()),
        19 => Kind::V19(n),
        20 => Kind::V20,
        21 => Kind::V21(n.to_string()),
        22 => Kind::V22(n),
        23 => Kind::V23(n),
        24 => Kind::V24(n.to_string()),
        25 => Kind::V25,
        26 => Kind::V26(n),
        27 => Kind::V27(n.to_string()),
        28 => Kind::V28(n),
        _ => Kind::V29(n),
    }
}
#[node]
fn number(n: usize) -> String {
    format!("number {n}")
}
#[node]
fn text(text: String) -> String {
    format!("text {text}")
}
#[node]
fn input(n: usize) -> String {
    format!("input {n}")
}

flow! {
    support(usize) -> String {
        sort {
            V0 -> input,
            V1 -> number,
            V2 -> number,
            V3 -> text,
            V4 -> number,
            V5 -> input,
            V6 -> text,
            V7 -> number,
            V8 -> number,
            V9 -> text,
            V10 -> input,
            V11 -> number,
            V12 -> text,
            V13 -> number,
            V14 -> number,
            V15 -> input,
            V16 -> number,
            V17 -> number,
            V18 -> text,
            V19 -> number,
            V20 -> input,
            V21 -> text,
            V22 -> number,
            V23 -> number,
            V24 -> text,
            V25 -> input,
            V26 -> number,
            V27 -> text,
            V28 -> number,
            V29 -> number,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call(0).await.expect("is routed"), "input 0");
    assert_eq!(app.call(3).await.expect("is routed"), "text 3");
    assert_eq!(app.call(29).await.expect("is routed"), "number 29");
}
