//! Mistakes inside one argument.

use crate::table::check;

const NODE: &str = "\nasync fn f(q: Question) -> Result<Docs, Lost> { search(q).await }";
const CONTROLLER: &str = "\nasync fn f(n: Notes) -> Result<Step<Notes, Docs>, Lost> { search(n).await }";

#[track_caller]
fn args(attribute: &str, rows: &[(usize, usize, &str)]) {
    let function = if attribute.starts_with("#[controller") { CONTROLLER } else { NODE };
    check(&format!("{attribute}{function}"), rows);
}

#[test]
fn every_argument_is_read() {
    args(
        "#[node(retries = 3, backoff = (\"100ms\", 2, \"5s\"), jitter = none, retry_if = Lost::is_transient, timeout = \"2s\",
            concurrency = 16, rate = \"100/s\", tokens = 4_000, usd = 0.02, validate = in, effect = keyed, on_cancel = finish(\"5s\"), boxed, name = \"g\",
            crate = pf)]",
        &[],
    );
    args("#[node(retries = 1_000, backoff = \"0.5s\", jitter = full, validate = out, effect = pure, fallible,)]", &[]);
    args(
        "#[node(retries = 0, backoff = (\"1ms\",), validate = both, effect = idempotent, on_cancel = drop)]",
        &[(1, 21, "`backoff` does nothing without retries: write `retries = 3` beside it")],
    );
    args("#[node]", &[]);
    args("#[node()]", &[]);
    args("#[router(effect = irreversible)]", &[]);
}

#[test]
fn an_unknown_key_is_answered_with_the_nearest() {
    args("#[node(retrys = 3)]", &[(1, 8, "`retrys` is no argument here: write `retries = 3`")]);
    args("#[node(tiemout = \"2s\")]", &[(1, 8, "`tiemout` is no argument here: write `timeout = \"2s\"`")]);
    args("#[router(validat)]", &[(1, 10, "`validat` is no argument here: write `validate = both`")]);
    args("#[node(oncancel = drop)]", &[(1, 8, "`oncancel` is no argument here: write `on_cancel = finish(\"5s\")`")]);
}

#[test]
fn a_word_of_another_library_is_answered_with_ours() {
    args("#[node(max_retries = 3)]", &[(1, 8, "`max_retries` is no argument here: write `retries = 3`")]);
    args("#[node(timeout_s = 2)]", &[(1, 8, "`timeout_s` is no argument here: write `timeout = \"2s\"`")]);
    args("#[node(workers = 2)]", &[(1, 8, "`workers` is no argument here: write `concurrency = 16`")]);
    args("#[node(cost = 2)]", &[(1, 8, "`cost` is no argument here: write `usd = 0.02`")]);
    args("#[node(max_tokens = 2)]", &[(1, 8, "`max_tokens` is no argument here: write `tokens = 4000`")]);
    args("#[controller(hops = 2)]", &[(1, 14, "`hops` is no argument here: write `turns = 8`")]);
}

#[test]
fn a_key_that_is_near_to_nothing_is_answered_with_all() {
    args(
        "#[node(color = \"red\")]",
        &[(
            1,
            8,
            "`color` is no argument here: there are `retries`, `backoff`, `jitter`, `retry_if`, `timeout`, `concurrency`, \
             `rate`, `tokens`, `usd`, `validate`, `effect`, `on_cancel`, `fallible`, `blocking`, `boxed`, `name`, `crate`",
        )],
    );
}

#[test]
fn a_key_in_the_wrong_place_is_sent_to_the_right_one() {
    args("#[node(turns = 8)]", &[(1, 8, "`turns` is for loops: write `#[controller(turns = 8)]`")]);
    args("#[router(hops = 8)]", &[(1, 10, "`hops` is for loops: write `#[controller(turns = 8)]`")]);
}

#[test]
fn a_key_stands_once() {
    args("#[node(retries = 3, timeout = \"2s\", retries = 4)]", &[(1, 37, "`retries` is given twice: keep one")]);
}

#[test]
fn a_number_has_a_range() {
    let retries = "`retries` takes a number from 0 to 1000: write `retries = 3`";
    for value in ["-1", "1001", "99999999999", "1.5", "\"3\"", "MANY", "3u8", "(3)"] {
        args(&format!("#[node(retries = {value})]"), &[(1, 18, retries)]);
    }
    let concurrency = "`concurrency` takes a number from 1 to 1000000: write `concurrency = 16`";
    args("#[node(concurrency = 0)]", &[(1, 22, concurrency)]);
    args("#[node(concurrency = 1000001)]", &[(1, 22, concurrency)]);
    let turns = "`turns` takes a number from 1 to 1000000: write `turns = 8`";
    args("#[controller(turns = 0)]", &[(1, 22, turns)]);
}

#[test]
fn a_cost_is_read_digit_by_digit() {
    args("#[node(tokens = 0)]", &[(1, 17, "`tokens` takes a number from 1 to 4294967295: write `tokens = 4000`")]);
    args("#[node(usd = \"0.02\")]", &[(1, 14, "`usd` takes an amount of dollars: write `usd = 0.02`")]);
    args("#[node(usd)]", &[(1, 8, "`usd` takes an amount of dollars: write `usd = 0.02`")]);
    args(
        "#[node(usd = 1e-2)]",
        &[(1, 14, "`1e-2` is no amount of dollars: write digits and at most one point, like `0.50`")],
    );
}

#[test]
fn a_value_must_stand_behind_its_key() {
    let retries = "`retries` takes a number from 0 to 1000: write `retries = 3`";
    args("#[node(retries)]", &[(1, 8, retries)]);
    args("#[node(retries = )]", &[(1, 8, retries)]);
    args("#[node(retries = , boxed)]", &[(1, 8, retries)]);
    args("#[node(retries(3))]", &[(1, 8, retries)]);
    args("#[node(retries: 3)]", &[(1, 8, retries)]);
    args(
        "#[node(effect)]",
        &[(1, 8, "`effect` takes `pure`, `idempotent`, `keyed` or `irreversible`: write `effect = idempotent`")],
    );
}

#[test]
fn a_duration_is_a_number_with_a_unit_in_quotes() {
    args("#[node(timeout = 2)]", &[(1, 18, "a duration has a unit and stands in quotes: write `\"2s\"` or `\"2ms\"`")]);
    args("#[node(timeout = 2s)]", &[(1, 18, "a duration stands in quotes: write `\"2s\"`")]);
    args("#[node(timeout = 1.5s)]", &[(1, 18, "a duration stands in quotes: write `\"1.5s\"`")]);
    args(
        "#[node(timeout = \"2\")]",
        &[(1, 18, "`2` has no unit: write ns, us, ms, s, m or h behind it, like `\"2s\"`")],
    );
    args(
        "#[node(timeout = \"2 parsecs\")]",
        &[(1, 18, "`2 parsecs` is no duration: write a number and ns, us, ms, s, m or h, like `\"2s\"`")],
    );
    args("#[node(timeout = \"0s\")]", &[(1, 18, "`0s` is no time at all: a duration is at least `\"1ns\"`")]);
    args("#[node(timeout = \"9000h\")]", &[(1, 18, "`9000h` is too long: a duration is at most `\"8760h\"`")]);
    args("#[node(timeout = LIMIT)]", &[(1, 18, "`timeout` takes a duration: write `timeout = \"2s\"`")]);
    args(
        "#[node(on_cancel = finish(5))]",
        &[(1, 27, "a duration has a unit and stands in quotes: write `\"5s\"` or `\"5ms\"`")],
    );
}

#[test]
fn a_backoff_is_a_base_a_factor_and_a_cap() {
    let backoff = "`backoff` takes a base, a factor and a cap: write `backoff = (\"100ms\", 2.0, \"5s\")`";
    let factor = "the factor of a backoff is a number from 1.0 to 100.0, like `2.0`";
    args("#[node(retries = 1, backoff = ())]", &[(1, 31, backoff)]);
    args("#[node(retries = 1, backoff = (\"1s\", 0.5))]", &[(1, 38, factor)]);
    args("#[node(retries = 1, backoff = (\"1s\", \"5s\"))]", &[(1, 38, factor)]);
    args(
        "#[node(retries = 1, backoff = (\"1s\", 2.0, \"0s\"))]",
        &[(1, 43, "`0s` is no time at all: a duration is at least `\"1ns\"`")],
    );
    args("#[node(retries = 1, backoff = (\"1s\", 2.0, \"5s\", 3))]", &[(1, 49, backoff)]);
    args("#[node(retries = 1, backoff = exponential)]", &[(1, 31, backoff)]);
}

#[test]
fn a_rate_is_a_count_per_time() {
    args(
        "#[node(rate = \"100\")]",
        &[(1, 15, "`100` is no rate: write a count per s, m, h or duration, like `\"100/s\"` or `\"5/250ms\"`")],
    );
    args("#[node(rate = 100)]", &[(1, 15, "`rate` takes a count per time: write `rate = \"100/s\"`")]);
    args("#[node(rate = \"0/s\")]", &[(1, 15, "`0/s` lets nothing through or everything: the count is 1 to 1000000")]);
}

#[test]
fn a_word_is_one_of_a_few() {
    args("#[node(validate = none)]", &[(1, 19, "`validate` takes `in`, `out` or `both`: write `validate = both`")]);
    args("#[node(validate = boht)]", &[(1, 19, "`boht` is no `validate`: write `validate = both`")]);
    args("#[node(effect = idempotant)]", &[(1, 17, "`idempotant` is no `effect`: write `effect = idempotent`")]);
    args(
        "#[node(effect = \"pure\")]",
        &[(1, 17, "`effect` takes `pure`, `idempotent`, `keyed` or `irreversible`: write `effect = idempotent`")],
    );
    args(
        "#[node(on_cancel = finish)]",
        &[(1, 20, "`finish` says how long it may take at most: write `on_cancel = finish(\"5s\")`")],
    );
    args("#[node(retries = 1, jitter = half)]", &[(1, 30, "`jitter` takes `full` or `none`: write `jitter = none`")]);
}

#[test]
fn a_predicate_is_a_path() {
    let text = "`retry_if` takes the path of a function: write `retry_if = is_transient`";
    args("#[node(retries = 1, retry_if = |e| e.is_transient())]", &[(1, 32, text)]);
    args("#[node(retries = 1, retry_if = \"is_transient\")]", &[(1, 32, text)]);
}

#[test]
fn a_flag_takes_no_value() {
    args("#[node(boxed = true)]", &[(1, 14, "`boxed` takes no value: write `boxed` alone")]);
    args("#[node(fallible(yes))]", &[(1, 16, "`fallible` takes no value: write `fallible` alone")]);
}

#[test]
fn a_name_stands_in_paths() {
    let text = "a name has 1 to 64 letters, digits, `_`, `-` or `.`, since it stands in paths and pictures";
    args("#[node(name = \"\")]", &[(1, 15, text)]);
    args("#[node(name = \"two words\")]", &[(1, 15, text)]);
    args("#[node(name = other)]", &[(1, 15, "`name` takes a name in quotes: write `name = \"search\"`")]);
}

#[test]
fn arguments_are_told_apart_by_commas() {
    args("#[node(retries = 3 timeout = \"2s\")]", &[(1, 20, "expected `,` between two arguments")]);
    args("#[node(3)]", &[(1, 8, "expected an argument, like `retries = 3`")]);
    args("#[node(, boxed)]", &[(1, 8, "expected an argument, like `retries = 3`")]);
}

#[test]
fn each_argument_tells_its_own_mistake() {
    args(
        "#[node(retrys = 3, timeout = 2, effect = pur, boxed)]",
        &[
            (1, 8, "`retrys` is no argument here: write `retries = 3`"),
            (1, 30, "a duration has a unit and stands in quotes: write `\"2s\"` or `\"2ms\"`"),
            (1, 42, "`pur` is no `effect`: write `effect = pure`"),
        ],
    );
}
