//! What the examples of one idea each print, on virtual time.

use std::fs;
use std::path::Path;

macro_rules! prints {
    ($($test:ident: $example:ident $lines:expr;)*) => {$(
        #[tokio::test(start_paused = true)]
        async fn $test() {
            let mut out = Vec::new();
            crate::$example::run(&mut out).await.expect("the example runs");
            let out = String::from_utf8(out).expect("prints text");
            assert_eq!(out.lines().collect::<Vec<_>>(), $lines);
        }
    )*};
}

prints! {
    quickstart_answers: quickstart ["[metrics] summarize 2 docs"];
    a_predicate_chooses_the_arm: routing_predicate ["[metrics] metric-usage", "[general] ad-spend"];
    each_variant_of_a_union_takes_its_arm: routing_union [
        "web::penguins",
        "sql::metrics",
        "no answer: `fax:krill` is no lookup: write `web:…` or `sql:…`",
    ];
    a_join_keeps_the_order_of_its_branches_however_they_finish: fanout_join ["task::A,task::B", "first: [\"task::B\"]"];
    chains_of_any_shape_are_one_graph: general_graph [
        "penguins 17",
        "published `krill`",
        "published antarctic..., checked",
        "dropped at size.Empty",
    ];
    a_map_keeps_the_order_of_its_items: map ["top doc: doc-1 score=0.50", "25 letters in all ids"];
    a_controller_ends_when_done_or_out_of_turns: controller [
        "3 wanted: fact 1 by research, fact 2 by research, fact 3 by research",
        "100 wanted: out of turns: the loop was still asking for another one",
    ];
    a_flow_runs_alone_and_inside_another: sub_flow [
        "emperor-doc-1 :: compressed",
        "antarctic krill-doc-1 :: compressed (asked in 2 words)",
    ];
    a_policy_overrules_a_router_while_the_flow_runs: routing_policy [
        "marketing handled a campaign of acme",
        "support handled a crash of acme",
        "marketing handled a crash of vip",
        "spammer: dropped at team.Marketing by MapPolicy",
        "support handled a campaign of vip",
        "marketing handled a campaign of spammer",
        "refused: `team` has no arm `Suport`: did you mean `Support`?",
        "refused: there is no field `rules`: did you mean `routes`? (line 2, column 9)",
    ];
    a_node_calls_a_playbook_without_naming_it: playbook_retrieval [
        "by retrieval: antarctic krill-doc-1 :: compressed, then antarctic krill!-doc-1 :: compressed",
        "by memory: acme remembers antarctic krill, then acme remembers antarctic krill!",
        "failed at answer › turn 0 › plan › memory › remember, place 1:0/1(0)/0",
    ];
    a_run_is_noted_with_its_figures_and_its_spans: mlflow_metrics [
        "huddles: penguins huddle",
        "krill: penguins huddle",
        "run stand-in-1: 15 figures, 8 spans",
    ];
    a_flow_is_seen_while_it_runs: observability [
        "while it runs: 2 of 2 traces in flight",
        "  support › clean: 0 running, 0 waiting, 2 done, 0 errors, p95 0 ms",
        "  support › find › search: 1 running, 1 waiting, 0 done, 0 errors, p95 0 ms",
        "when it has: 0 of 2 traces in flight",
        "  support › clean: 0 running, 0 waiting, 2 done, 0 errors, p95 0 ms",
        "  support › find › search: 0 running, 0 waiting, 2 done, 1 errors, p95 20 ms",
        "  support › answer: 0 running, 0 waiting, 2 done, 0 errors, p95 0 ms",
        "flowchart TD",
        "    subgraph flow[\"support\"]",
        "        n1[\"clean<br/>2 done, 2.0/s<br/>p50 0, p95 0, p99 0\"]",
        "        n2[[\"find<br/>2 done, 2.0/s<br/>1 errors, 1 retries\"]]",
        "        n3[\"answer<br/>2 done, 2.0/s<br/>p50 0, p95 0, p99 0\"]",
        "    end",
        "    n0([\"String<br/>2 in\"])",
        "    n4([\"String<br/>2 out\"])",
        "    n0 -->|\"2, 2.0/s\"| n1",
        "    n1 -->|\"2, 2.0/s\"| n2",
        "    n2 --> n3",
        "    n3 -->|\"2, 2.0/s\"| n4",
        "    classDef endpoint fill:#dbeafe,stroke:#2563eb,color:#111827",
        "    class n0,n4 endpoint",
        "    classDef calm fill:#bbf7d0,stroke:#16a34a,color:#111827",
        "    class n1,n3 calm",
        "    classDef warm fill:#fde68a,stroke:#ca8a04,color:#111827",
        "    class n2 warm",
    ];
    a_flow_is_scraped: prometheus [
        "penguiflow_traces_total{flow=\"answering\",code=\"COMPLETED\"} 3",
        "penguiflow_trace_latency_seconds_count{flow=\"answering\"} 3",
        "penguiflow_node_attempts_total{flow=\"answering\",node=\"search\",place=\"0\",outcome=\"completed\"} 3",
        "penguiflow_node_attempts_total{flow=\"answering\",node=\"search\",place=\"0\",outcome=\"error\"} 1",
        "penguiflow_node_attempts_total{flow=\"answering\",node=\"answer\",place=\"1\",outcome=\"completed\"} 3",
        "penguiflow_node_retries_total{flow=\"answering\",node=\"search\",place=\"0\"} 1",
        "penguiflow_node_latency_seconds_count{flow=\"answering\",node=\"search\",place=\"0\"} 3",
        "penguiflow_node_latency_seconds_count{flow=\"answering\",node=\"answer\",place=\"1\"} 3",
    ];
    a_request_of_another_process_goes_on_in_a_flow: tracing_spans [
        "docs on krill, handed on 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ];
    meta_rides_along: metadata ["summary of krill-2 for acme [asked_by=\"ada\" cost_ms=87 model=\"emperor-1\" tokens=128]"];
    a_cancel_ends_one_trace_only: cancel [
        "in flight: 1",
        "slow: cancelled",
        "in flight: 0",
        "safe: done: safe result",
    ];
    an_error_names_its_path_and_its_attempt: traceable_errors [
        "2 stations: 30",
        "4 stations: NODE_EXCEPTION",
        "  path:    survey › map[2] › measure",
        "  attempt: 2 of 2",
        "  error:   station 3 does not answer; station as a number: Some(3)",
    ];
    what_was_posted_comes_back_in_order_and_once: intake [
        "order 1 came twice",
        "order 1 is packed",
        "no krill left for 6 crates",
        "order 3 is packed",
        "nobody saw: NODE_EXCEPTION of acme: no krill left for 9 crates",
        "cancelled: 0, unread: 0",
    ];
    what_is_not_left_is_refused_before_it_is_spent: budgets [
        "2 calls: \"On ice. On krill.\" for $0.012, 0 in doubt",
        "3 calls: \"On ice. On fog.\" for $0.027, 1 in doubt",
        "6 calls: MONEY_BUDGET_EXHAUSTED: Money budget exhausted",
        "6 calls: MONEY_BUDGET_EXHAUSTED: Money budget exhausted",
        "1 calls: HOP_BUDGET_EXHAUSTED: Hop budget exhausted",
    ];
    a_timeout_and_a_failure_are_retried: reliability [
        "upload: success on attempt 3",
        "waited between the attempts: true",
        "with one retry: 2 of 2 attempts failed: connection reset",
        "with 60 ms in all: Deadline exceeded",
    ];
    words_of_a_model_are_passed_on_as_server_sent_events: streaming_sse [
        "event: chunk",
        "id: 0#0.0",
        r#"data: {"stream_id":"0#0","name":"answer","seq":0,"text":"Penguins ","done":false,"meta":{}}"#,
        "",
        "event: chunk",
        "id: 0#0.1",
        r#"data: {"stream_id":"0#0","name":"answer","seq":1,"text":"huddle ","done":false,"meta":{}}"#,
        "",
        "event: chunk",
        "id: 0#0.2",
        r#"data: {"stream_id":"0#0","name":"answer","seq":2,"text":"to\nstay ","done":false,"meta":{}}"#,
        "",
        "event: chunk",
        "id: 0#0.3",
        r#"data: {"stream_id":"0#0","name":"answer","seq":3,"text":"warm","done":false,"meta":{}}"#,
        "",
        "event: done",
        "id: 0#0.4",
        r#"data: {"stream_id":"0#0","name":"answer","seq":4,"text":"","done":true,"meta":{"model":"emperor-1"}}"#,
        "",
        r#"5 words: "Penguins huddle to\nstay warm""#,
        r#"over a web socket: {"stream_id":"0#0","name":"answer","seq":4,"text":"","done":true,"meta":{"model":"emperor-1"},"session":"s-1"}"#,
    ];
    a_user_sees_each_step_while_it_runs: roadmap [
        "krill:",
        "  0#0        running  Determining message path",
        "  0#0        ok",
        "  2#0        to do    Parsing documents",
        "  2#0        to do    Extracting metadata",
        "  2#0        to do    Summarizing",
        "  2#1        running  Parsing documents",
        "  2#1        ok",
        "  3[0]/0#0   running  Extracting metadata of krill-1.md",
        "  3[1]/0#0   running  Extracting metadata of krill-2.md",
        "  3[0]/0#0   ok",
        "  3[1]/0#0   ok",
        "  3[2]/0#0   running  Extracting metadata of krill-3.md",
        "  3[2]/0#0   ok",
        "  4#0        running  Summarizing",
        "  4#0        ok",
        "  7#0        running  Composing the answer",
        r#"  7#1        answer   "Looked at 3 finding(s). ""#,
        r#"  7#1        answer   "krill-1.md: 10 letters; krill-2.md: 10 letters; krill-3.md: 10 letters""#,
        "  7#0        ok",
        "  by documents with 3 artifact(s): Looked at 3 finding(s). krill-1.md: 10 letters; krill-2.md: 10 letters; krill-3.md: 10 letters",
        "a crash:",
        "  0#0        running  Determining message path",
        "  0#0        ok",
        "  5#0        to do    Collecting logs",
        "  5#0        to do    Reproducing the failure",
        "  5#1        running  Collecting logs",
        "  5#1        ok",
        "  6#0        running  Reproducing the failure",
        "  6#0        error",
        "  6#0~2      running  Reproducing the failure",
        "  6#0~2      ok",
        "  7#0        running  Composing the answer",
        r#"  7#1        answer   "Looked at 1 finding(s). ""#,
        r#"  7#1        answer   "`a crash` happens in the morning""#,
        "  7#0        ok",
        "  by bug with 1 artifact(s): Looked at 1 finding(s). `a crash` happens in the morning",
    ];
    one_call_serves_the_messages_of_many_traces: batch [
        "krill 0.20",
        "squid 0.20",
        "embedding › embed, after 45 ms: there is nothing to embed",
        "ice shelf 0.11",
        "krill 0.20",
        "squid 0.20",
        "embedding › embed, after 45 ms: there is nothing to embed",
        "ice shelf 0.11",
        "8 texts of two tenants: 2 calls, 45 ms",
    ];
    each_node_of_a_pipeline_runs_the_next_page: pipeline [
        "read: 1 of 1 workers run, 2 wait",
        "parse: 2 of 2 workers run, 0 wait",
        "store: 1 of 1 workers run, 0 wait",
        "page 1 is number 1, after 40 ms",
        "page 2 is number 2, after 50 ms",
        "page 3 is number 3, after 60 ms",
        "page 4 is number 4, after 70 ms",
        "page 5 is number 5, after 80 ms",
        "page 6 is number 6, after 90 ms",
    ];
    a_flow_is_tested_as_it_stands: testkit_demo [
        "Some(\"penguins eat fish\") after 3s",
        "1 attempt, then Err(\"asking › search, attempt 1 of 3, after 0 ms: [BAD_QUERY] simulated failure in search (attempt 1)\")",
        "Some(\"nothing found\") by [\"judge.Nothing\"]",
        "DeadlineExceeded after 259200s",
        "`serch` is no node of the flow `asking`, which has `clean`, `search`, `judge`, `answer` and `decline`: did you mean `search`?",
    ];
    a_failure_of_production_is_played_again_forked_and_held_against_another_flow: replay [
        "1 of 3 traces was kept",
        "Err(\"asking › search, attempt 3 of 3, after 3.0 s: connection reset\") after 3s",
        "Some(\"1 found: ice?\")",
        "the replay goes another way behind 8 events: recorded is `node_retry search 1 attempt 3 {\"sleep_s\":2.0}: NODE_EXCEPTION: connection reset`, and what comes is `node_failed search 1 attempt 2: NODE_EXCEPTION: connection reset`",
    ];
    a_flow_holds_under_every_seed_and_a_node_that_hangs_is_found: simulate [
        "asking: 200 runs hold, with 501 messages and 1584 attempts",
        "trusting: trace 0 waits for what never comes, under seed 0",
        "the least that breaks it: one message",
    ];
    a_flow_tells_how_long_it_takes_at_most_and_what_would_strand_its_stored_runs: bounds [
        "`support` takes at most 22.5 s, 8 hops and 10 attempts",
        "  longest: clean 2 s -> search 3 × 2 s + 1.5 s of backoff -> refine 3 × 4 s -> render 1 s = 22.5 s",
        "  not counted: support › look_up waits for a permit",
        "  limited: support to 4000 tokens, 30 s",
        "the slowest run: Some(\"penguins huddle (8), checked 3 times\") after 22.492s",
        "nothing bounds how long `signed` takes, 9 hops and 11 attempts",
        "  longest: clean 2 s -> search 3 × 2 s + 1.5 s of backoff -> refine 3 × 4 s -> sign without a timeout -> render 1 s",
        "  without a timeout: signed › sign",
        "  not counted: signed › look_up waits for a permit",
        "- `render` stood at place 6 and stands at 7 now: keep the order of the steps, and put new ones behind it or into a flow that is one step",
    ];
    nodes_share_the_state: state ["lookup 1: antarctic, northern", "lookup 2: emperor", "2 lookups in all"];
    a_conversation_goes_on_and_the_stand_in_says_that_it_is_one: chat [
        "> How deep do penguins dive?",
        "[extractive stand-in, no language model] Emperor penguins dive deeper than 500 metres.",
        "> And what do penguins eat?",
        "[extractive stand-in, no language model] Krill and small fish are what most penguins eat.",
        "> Who won the cup?",
        "[extractive stand-in, no language model] Nothing in the conversation answers that.",
    ];
    a_value_is_sent_back_where_it_is_none_and_read_while_it_is_written: structured [
        "240 emperors, Some(Huddling): answers sent back: 1",
        "so far: {}",
        "so far: {}",
        "so far: {\"species\":\"emperor\"}",
        "so far: {\"species\":\"emperor\"}",
        "so far: {\"count\":240,\"species\":\"emperor\"}",
        "so far: {\"count\":240,\"species\":\"emperor\"}",
        "so far: {\"count\":240,\"species\":\"emperor\"}",
        "whole: 240 emperors, None",
    ];
    thoughts_and_words_of_a_model_are_two_streams: stream_to_sse [
        "event: chunk",
        "id: 0#0.0",
        "data: {\"stream_id\":\"0#0\",\"name\":\"thoughts\",\"seq\":0,\"text\":\"Cold \",\"done\":false,\"meta\":{}}",
        "",
        "event: chunk",
        "id: 0#0.1",
        "data: {\"stream_id\":\"0#0\",\"name\":\"thoughts\",\"seq\":1,\"text\":\"feet.\",\"done\":false,\"meta\":{}}",
        "",
        "event: chunk",
        "id: 0#1.0",
        "data: {\"stream_id\":\"0#1\",\"name\":\"answer\",\"seq\":0,\"text\":\"They \",\"done\":false,\"meta\":{}}",
        "",
        "event: chunk",
        "id: 0#1.1",
        "data: {\"stream_id\":\"0#1\",\"name\":\"answer\",\"seq\":1,\"text\":\"huddle.\",\"done\":false,\"meta\":{}}",
        "",
        "event: done",
        "id: 0#0.2",
        "data: {\"stream_id\":\"0#0\",\"name\":\"thoughts\",\"seq\":2,\"text\":\"\",\"done\":true,\"meta\":{}}",
        "",
        "event: done",
        "id: 0#1.2",
        "data: {\"stream_id\":\"0#1\",\"name\":\"answer\",\"seq\":2,\"text\":\"\",\"done\":true,\"meta\":{}}",
        "",
        "whole: They huddle.",
    ];
    a_model_stands_in_until_the_first_one_is_back: fallback [
        "stand-in/large says \"Krill.\", attempts: 1",
        "stand-in/small says \"Fish.\", attempts: 2",
        "stand-in/small says \"Fish.\", attempts: 1",
        "stand-in/large says \"Squid, too.\", attempts: 1",
    ];
    what_was_recorded_is_replayed_and_what_changed_is_told: record_replay [
        "recorded: Krill.",
        "the key is in the file: false",
        "replayed: Krill. 12 tokens were read",
        "changed: local/m: invalid request: cassette chat.json: request 1 of 1 is not the one that was recorded",
        "  body.messages[0].content",
        "    recorded: \"What do penguins eat?\"",
        "    asked:    \"What do seals eat?\"",
        "to record it again, run with PENGUIFLOW_CASSETTES=record and a key, if it is opened by `Cassette::auto`",
    ];
}

#[test]
fn each_example_is_run_here_and_stands_in_the_table() {
    let member = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(member.join(path)).expect("a page or a source");
    let (table, run) = (read("README.md"), read("tests/examples/main.rs"));
    let files = fs::read_dir(member.join("examples")).expect("the examples");
    let names =
        files.map(|file| file.expect("a file").path().file_stem().expect("a name").to_string_lossy().into_owned());
    let forgotten: Vec<String> = names
        .filter(|name| {
            !table.contains(&format!("`cargo run --example {name}`")) || !run.contains(&format!("examples/{name}.rs"))
        })
        .collect();
    assert_eq!(forgotten, Vec::<String>::new());
}
