//! An attribute on what is no function, and names that no node may have.

use crate::table::check;

#[test]
fn a_node_is_a_function() {
    check(
        "#[node]\npub struct Search;",
        &[(2, 5, "`#[node]` goes on a function, and this is a struct: messages are made by `#[message]`")],
    );
    check(
        "#[router]\n/// Ends.\nenum Verdict { Good }",
        &[(3, 1, "`#[router]` goes on a function, and this is an enum: messages are made by `#[message]`")],
    );
    check(
        "#[node]\nimpl Search { fn f(q: Question) {} }",
        &[(2, 1, "`#[node]` goes on a function, and this is an impl: write the function beside it")],
    );
    check(
        "#[controller(turns = 8)]\nmod inner {}",
        &[(2, 1, "`#[controller]` goes on a function, and this is a module: put it on each function inside")],
    );
    check("#[node]\nconst LIMIT: u8 = 3;", &[(2, 1, "`#[node]` goes on a function, and this is a constant")]);
    check(
        "#[node]\ntrait Search {}",
        &[(2, 1, "`#[node]` goes on a function, and this is a trait: write a function beside it")],
    );
}

#[test]
fn a_node_is_no_method() {
    let text = "a node is a function of its own and has no `self`: move it out of the impl, and take what it shares as \
                `State(shared): State<'_, T>`";
    check("#[node]\nasync fn f(&self, q: Question) -> Docs { todo!() }", &[(2, 12, text)]);
    check("#[node]\nasync fn f(self: Arc<Self>, q: Question) -> Docs { todo!() }", &[(2, 12, text)]);
}

#[test]
fn a_node_is_not_called_like_a_primitive_type() {
    for name in ["str", "u8", "bool", "f64"] {
        let text = format!(
            "a node is a type beside its function, and `{name}` is a type already: name the function otherwise, like \
             `{name}_node`"
        );
        check(&format!("#[node]\nfn {name}(q: Question) -> Docs {{ todo!() }}"), &[(2, 4, &text)]);
    }
}

#[test]
fn a_node_is_not_called_like_a_word_of_flow() {
    for name in ["join", "join_k", "map", "repeat", "drop", "done", "queue", "tee", "with"] {
        let text = format!("`{name}` is a word of `flow!`: name the function otherwise, like `{name}_node`");
        check(&format!("#[node(name = \"other\")]\nfn {name}(q: Question) -> Docs {{ todo!() }}"), &[(2, 4, &text)]);
    }
    check("#[node]\nfn r#match(q: Question) -> Docs { todo!() }", &[]);
    check("#[node]\nfn log(q: Question) -> Docs { todo!() }", &[]);
}

#[test]
fn a_node_is_made_once() {
    let text = "this makes a node of what is one already: leave one of the two attributes out";
    check("#[node]\n#[penguiflow::node(retries = 3)]\nfn f(q: Question) -> Docs { todo!() }", &[(2, 1, text)]);
    check("#[router]\n/// Chooses.\n#[node]\nfn f(q: Question) -> Docs { todo!() }", &[(3, 1, text)]);
}
