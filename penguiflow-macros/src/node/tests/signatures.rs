//! Mistakes in the signature.

use crate::table::check;

/// Checks a node whose signature, on line 2, is `signature`.
#[track_caller]
fn node(signature: &str, rows: &[(usize, usize, &str)]) {
    check(&format!("#[node]\n{signature} {{ todo!() }}"), rows);
}

#[track_caller]
fn router(signature: &str, rows: &[(usize, usize, &str)]) {
    check(&format!("#[router]\n{signature} {{ todo!() }}"), rows);
}

#[test]
fn every_shape_of_a_node_is_read() {
    node("async fn f(q: Question) -> Docs", &[]);
    node("fn f(_: ())", &[]);
    node("pub(crate) async fn f((a, b): (Docs, Facts)) -> (Docs, Facts)", &[]);
    node("async fn f(Question { text }: Question, ctx: &Ctx) -> Result<Docs, Lost>", &[]);
    node("async fn f(m: Message<Question>, State(db): State<'_, Db>, ctx: &penguiflow::Ctx) -> Message<Docs>", &[]);
    node(
        "async fn f(mut q: Question, s: State<'_, Db>, State(x): State<'_, Arc<Index>>) -> anyhow::Result<Message<Docs>>",
        &[],
    );
    node("fn f(q: &'static str) -> &'static str", &[]);
    node("fn f(q: Cow<'static, str>) -> Box<dyn Fn(&Docs) -> u8 + Send>", &[]);
    node("fn f(q: Message) -> Step", &[]);
    node("fn f(q: State<Db>) -> u8", &[]);
    router("fn f(d: &Draft) -> Verdict", &[]);
    router("fn f(d: Draft, State(db): State<'_, Db>) -> Result<Verdict, Lost>", &[]);
}

#[test]
fn a_node_has_no_generics() {
    let generics = "a node has no generics, since an edge has one type: write the types out, and one node for each";
    node("async fn f<T: Send>(q: T) -> T where T: Clone", &[(2, 12, generics)]);
    node("async fn f<'a, const N: usize>(q: [u8; N]) -> u8", &[(2, 12, generics)]);
    let lifetimes = "a node has no lifetimes of its own, since its message outlives every call: own the data, and write \
                     `'_` in `State<'_, T>`";
    node("async fn f<'a>(q: Question, s: State<'a, Db>) -> Docs", &[(2, 12, lifetimes)]);
    let bounds = "a node has no bounds, since its types are known: leave `where` out";
    node("async fn f(q: Question) -> Docs where Docs: Clone", &[(2, 33, bounds)]);
}

#[test]
fn a_node_has_no_qualifiers() {
    let text =
        "a node cannot be `unsafe`, since a flow calls it: leave `unsafe` out, and write an `unsafe` block inside";
    node("async unsafe fn f(q: Question) -> Docs", &[(2, 7, text)]);
    node("extern \"C\" fn f(q: Question) -> Docs", &[(2, 1, "a node is called from Rust alone: leave `extern` out")]);
    node(
        "const fn f(q: Question) -> Docs",
        &[(2, 1, "a node runs in a flow, never at compile time: leave `const` out")],
    );
    node(
        "fn f(q: Question, ...) -> Docs",
        &[(2, 19, "a node takes one message: write it as a type, and leave `...` out")],
    );
}

#[test]
fn a_node_has_a_body() {
    check(
        "#[node]\nasync fn f(q: Question) -> Docs;",
        &[(2, 10, "`f` is declared here and written elsewhere: put `#[node]` where its body is")],
    );
}

#[test]
fn a_node_takes_a_message() {
    let none =
        "`f` takes no message: write `fn f(input: In)`, where `In` is what arrives; `_: ()` takes nothing at all";
    node("async fn f() -> Docs", &[(2, 10, none)]);
    let only_ctx = "`f` takes no message: write `fn f(input: In, ctx: &Ctx)`, where `In` is what arrives; `_: ()` takes \
                    nothing at all";
    node("async fn f(ctx: &Ctx) -> Docs", &[(2, 10, only_ctx)]);
}

#[test]
fn the_message_comes_first() {
    node(
        "async fn f(ctx: &Ctx, q: Question) -> Docs",
        &[(2, 12, "a node's message comes first: move `ctx: &Ctx` behind it")],
    );
    node(
        "async fn f(State(db): State<'_, Db>, q: Question) -> Docs",
        &[(2, 12, "a node's message comes first: move `State(db): State<'_, Db>` behind it")],
    );
}

#[test]
fn a_message_is_taken_by_value() {
    node("async fn f(q: &str) -> Docs", &[(2, 15, "a node takes its message by value: write `String`")]);
    node("async fn f(q: &[Docs]) -> Docs", &[(2, 15, "a node takes its message by value: write `Vec<Docs>`")]);
    node(
        "async fn f(q: &crate::Question) -> Docs",
        &[(2, 15, "a node takes its message by value: write `crate::Question`")],
    );
    node("async fn f(q: &std::path::Path) -> Docs", &[(2, 15, "a node takes its message by value: write `PathBuf`")]);
    node(
        "async fn f(q: &mut Question) -> Docs",
        &[(2, 15, "a node takes its message by value: write `mut` before its name, and `Question` as its type")],
    );
}

#[test]
fn a_message_has_a_size() {
    node("async fn f(q: str) -> Docs", &[(2, 15, "a message has a size: write `String`")]);
    node("async fn f(q: [u8]) -> Docs", &[(2, 15, "a message has a size: write `Vec<u8>`")]);
    node("async fn f(q: dyn Tool) -> Docs", &[(2, 15, "a message has a size: write `Box<dyn Tool>`")]);
}

#[test]
fn a_router_may_borrow_what_is_owned() {
    router("fn f(d: &str) -> Verdict", &[(2, 9, "a router borrows what arrives, and that is owned: write `&String`")]);
    router(
        "fn f(d: &mut Draft) -> Verdict",
        &[(2, 9, "a node takes its message by value: write `mut` before its name, and `Draft` as its type")],
    );
}

#[test]
fn a_message_owns_its_data() {
    let text = "a message owns its data, since it outlives the caller: write `String` for `&str`, `Vec<T>` for `&[T]`, \
                `T` for `&T`, `Cow<'static, T>` for `Cow<'_, T>`";
    node("fn f(q: Option<&str>) -> Docs", &[(2, 16, text)]);
    node("fn f(q: Cow<'_, str>) -> Docs", &[(2, 13, text)]);
    let text = "a message owns its data, since it outlives the node: write `String` for `&str`, `Vec<T>` for `&[T]`, \
                `T` for `&T`";
    node("fn f(q: Question) -> (u8, &str)", &[(2, 27, text)]);
}

#[test]
fn a_message_has_one_type() {
    node(
        "fn f(q: impl Into<Question>) -> Docs",
        &[(2, 9, "`impl Trait` is no message, since an edge has one type: write the type out")],
    );
    let text = "`impl Trait` is no message, since an edge has one type: write the type out, or box it, like \
                `Box<dyn Trait + Send>`";
    node("fn f(q: Question) -> impl Iterator<Item = Docs>", &[(2, 22, text)]);
    node("fn f(q: Question) -> Result<impl Display, Lost>", &[(2, 29, text)]);
}

#[test]
fn a_node_gives_its_message_away() {
    node("fn f(q: Question) -> &str", &[(2, 22, "a node gives its message away: write `String`")]);
    node("fn f(q: Question) -> &mut Docs", &[(2, 22, "a node gives its message away: write `Docs`")]);
    node("fn f(q: Question) -> !", &[(2, 22, "a node gives a message on: write its type, or `Result<(), E>`")]);
}

#[test]
fn the_context_is_borrowed_once() {
    node(
        "fn f(q: Question, ctx: &mut Ctx) -> Docs",
        &[(2, 24, "the context is shared by all that runs in the trace: write `&Ctx`")],
    );
    node(
        "fn f(q: Question, ctx: Ctx) -> Docs",
        &[(2, 24, "the context is borrowed for the call: write `&Ctx`, and clone it to keep it")],
    );
    node(
        "fn f(q: Question, ctx: &Ctx, again: &Ctx) -> Docs",
        &[(2, 30, "`&Ctx` stands here a second time: leave one out")],
    );
}

#[test]
fn state_is_borrowed_for_the_call() {
    node(
        "async fn f(q: Question, State(db): State<Db>) -> Docs",
        &[(2, 36, "`State` borrows from the flow's state: write `State<'_, Db>`")],
    );
    node(
        "async fn f(q: Question, db: State<Db>) -> Docs",
        &[(2, 29, "`State` borrows from the flow's state: write `State<'_, Db>`")],
    );
    node(
        "async fn f(q: Question, State(db): State<'static, Db>) -> Docs",
        &[(2, 42, "the state is borrowed for the call only: write `State<'_, Db>`")],
    );
    node(
        "async fn f(q: Question, State(db): &State<'_, Db>) -> Docs",
        &[(2, 36, "`State` borrows by itself: write `State<'_, Db>`")],
    );
    node(
        "async fn f(q: Question, State(db): State<'_, &str>) -> Docs",
        &[(2, 46, "`State` borrows by itself: write `State<'_, String>`")],
    );
    node(
        "async fn f(q: Question, State(db): State) -> Docs",
        &[(2, 36, "say which part of the state: write `State<'_, T>`")],
    );
}

#[test]
fn what_is_neither_message_nor_context_nor_state_is_refused() {
    node(
        "fn f(q: Question, limit: usize) -> Docs",
        &[(
            2,
            26,
            "a node takes one message, then `&Ctx` and `State<'_, T>`: write `State<'_, usize>` if it is shared, or \
             `(Question, usize)` as the message",
        )],
    );
    node(
        "fn f(q: Question, db: &Db) -> Docs",
        &[(2, 23, "a node borrows from the flow's state alone: write `State<'_, Db>`")],
    );
}

#[test]
fn a_parameter_has_no_cfg() {
    node(
        "fn f(q: Question, #[cfg(test)] ctx: &Ctx) -> Docs",
        &[(2, 19, "a parameter of a node has no `cfg`, since the flow passes it: put the `cfg` on the function")],
    );
}

#[test]
fn a_router_and_a_controller_give_something_back() {
    router(
        "fn f(q: Question)",
        &[(2, 4, "`f` gives nothing to route on: write `-> Verdict`, the enum whose variants are the arms")],
    );
    check(
        "#[controller(turns = 8)]\nfn f(q: Question) {}",
        &[(2, 4, "`f` never says whether to go on: write `-> Step<Again, Done>`")],
    );
}

#[test]
fn each_part_of_a_signature_tells_its_own_mistake() {
    node(
        "unsafe fn f<T>(q: &str, limit: usize) -> &str",
        &[
            (
                2,
                1,
                "a node cannot be `unsafe`, since a flow calls it: leave `unsafe` out, and write an `unsafe` block inside",
            ),
            (2, 13, "a node has no generics, since an edge has one type: write the types out, and one node for each"),
            (2, 19, "a node takes its message by value: write `String`"),
            (
                2,
                32,
                "a node takes one message, then `&Ctx` and `State<'_, T>`: write `State<'_, usize>` if it is shared, or \
                 `(String, usize)` as the message",
            ),
            (2, 42, "a node gives its message away: write `String`"),
        ],
    );
}

#[test]
fn a_type_is_not_inferred() {
    let text = "an edge has one type, and it is not inferred: write the type in the place of `_`";
    node("fn f(q: Vec<_>) -> Docs", &[(2, 13, text)]);
    node("fn f(q: Question) -> (u8, [_; 3])", &[(2, 28, text)]);
}
