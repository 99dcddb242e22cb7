//! What is sent and stored as text: each value that is read is written as text which is read as the same value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use penguiflow::id::TraceId;
use penguiflow::message::Headers;
use penguiflow::prelude::*;
use penguiflow::validate::Violations;
use penguiflow::{Chunk, Meta, Money, MoneyError};
use penguiflow_fuzz::text;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// What the written forms are made of.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "{", "}", "[", "]", ":", ",", "\"", "null", "true", "false", "0", "-0", "1", "-1", "1.5", "-0.0", "1e300",
    "5e-324", "0.1", "1e-7", "123456789.123456789", "18446744073709551615", "18446744073709551616", "-2147483648",
    "\"tenant\":", "\"topic\":", "\"priority\":", "\"path\":", "\"message\":", "\"stream_id\":", "\"name\":",
    "\"attempt\":", "\"seq\":", "\"text\":", "\"done\":", "\"aborted\":", "\"meta\":", "\"Ask\":", "\"Note\":",
    "\"Quit\"", "\"why\":", "\"at\":", "\"cost\":", "\"id\":", "\"tags\":", "\"acme\"",
    "\"0190a6e7-2b1c-7def-8a3b-0123456789ab\"", "0190a6e72b1c7def8a3b0123456789AB", "-", "urn:uuid:", "$", "0.50",
    "0.000_000_75", "18446744.073709551615", "_", ".", "\\u0000", "\\ud83d\\udc27", "\\n", " ", "\n", "é", "🐧",
];

/// A message as users declare them.
#[message]
#[derive(PartialEq)]
enum Asked {
    Ask { why: String, at: Option<u64> },
    Note(Bill),
    Quit,
}

/// Ids, money and text in one.
#[message]
#[derive(PartialEq)]
struct Bill {
    id: TraceId,
    cost: Money,
    tags: Vec<String>,
    more: serde_json::Value,
}

fuzz_target!(|bytes: &[u8]| {
    let text = text::of(bytes, WORDS);
    comes_back::<Headers>(&text);
    comes_back::<Meta>(&text);
    comes_back::<TraceId>(&text);
    comes_back::<Money>(&text);
    comes_back::<Violations>(&text);
    comes_back::<Chunk>(&text);
    comes_back::<Asked>(&text);
    comes_back::<Bill>(&text);
    money(&text);
    id(&text);
});

/// A value that was read is written as a text that is read as the same value, and written as the same text.
fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str) {
    let Ok(value) = serde_json::from_str::<T>(text) else { return };
    let Ok(written) = serde_json::to_string(&value) else { panic!("cannot be written: {value:?}") };
    match serde_json::from_str::<T>(&written) {
        Ok(again) => assert_eq!(again, value, "{written}"),
        Err(why) => panic!("cannot be read: {why}: {written}"),
    }
    let tree = serde_json::to_value(&value).and_then(serde_json::from_value::<T>);
    assert_eq!(tree.ok().as_ref(), Some(&value), "{written}");
}

/// An amount is what its digits say, and no other one.
fn money(text: &str) {
    let said = pico_dollars(text);
    match text.parse::<Money>() {
        Ok(amount) => {
            assert_eq!(said, Some(u128::from(amount.picos())), "{text:?}");
            assert_eq!(amount.to_string().parse(), Ok(amount), "{amount}");
        }
        Err(MoneyError::TooLarge) => assert!(said.is_none_or(|picos| picos > u128::from(u64::MAX)), "{text:?}"),
        Err(MoneyError::TooFine) => {
            let behind =
                text.replace('_', "").split_once('.').map_or(0, |(_, digits)| digits.trim_end_matches('0').len());
            assert!(behind > 12, "{text:?}");
        }
        Err(_) => assert_eq!(said, None, "{text:?}"),
    }
}

/// Digit by digit; nothing for what is no decimal number, has too many digits, or needs more than 128 bits.
fn pico_dollars(text: &str) -> Option<u128> {
    let text = text.strip_prefix('$').unwrap_or(text);
    let (mut picos, mut behind, mut last) = (0_u128, None::<u32>, '.');
    for letter in text.chars() {
        match letter {
            '_' if last != '.' => {}
            '.' if behind.is_none() && last != '.' => behind = Some(0),
            '0' if behind == Some(12) => {}
            '0'..='9' => {
                picos = picos.checked_mul(10)?.checked_add(u128::from(letter.to_digit(10)?))?;
                behind = behind.map(|behind| behind + 1);
            }
            _ => return None,
        }
        last = letter;
    }
    let behind = behind.unwrap_or(0);
    if last == '.' || behind > 12 {
        return None;
    }
    picos.checked_mul(10_u128.checked_pow(12 - behind)?)
}

/// An id is its 32 hex digits, with all four hyphens or none.
fn id(text: &str) {
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    let hyphens: Vec<usize> = text.char_indices().filter(|(_, letter)| *letter == '-').map(|(at, _)| at).collect();
    let is_hex = digits.len() == 32 && digits.chars().all(|letter| letter.is_ascii_hexdigit());
    let said = if is_hex && (hyphens.is_empty() || hyphens == [8, 13, 18, 23]) {
        u128::from_str_radix(&digits, 16).ok()
    } else {
        None
    };
    assert_eq!(text.parse::<TraceId>().ok().map(TraceId::as_u128), said, "{text:?}");
}
