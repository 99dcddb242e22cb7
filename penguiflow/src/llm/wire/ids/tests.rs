//! How ids of calls are written. Unit tests.

use super::Ids;

#[test]
fn ids_of_all_models_are_taken_and_none_twice() {
    let mut ids = Ids::default();
    let mut call = |id: &str| ids.call(id).expect("it has an id");
    assert_eq!(call("toolu_01-Ab"), "toolu_01-Ab");
    assert_eq!(call("functions.look:0"), "functions_look_0");
    assert_eq!(call("call_0"), "call_0");
    assert_eq!(call("call_0"), "call_0_2");
    assert_eq!(call("call_0_3"), "call_0_3");
    assert_eq!(call("call_0"), "call_0_4");
    let long = "é".repeat(100);
    assert_eq!((call(&long).len(), call(&long).len(), call(&long).len()), (64, 55, 55));
}

#[test]
fn a_result_has_the_id_of_the_last_call_before_it() {
    let mut ids = Ids::default();
    for expected in ["a_b", "a_b_2"] {
        assert_eq!(ids.call("a.b").expect("it has an id"), expected);
        assert_eq!(ids.result("a.b").expect("it has an id"), expected);
    }
    assert_eq!(ids.result("never:called").expect("it has an id"), "never_called");
    assert_eq!(ids.call("").expect_err("it has none").kind().code(), "invalid_request");
    assert_eq!(ids.result("").expect_err("it has none").kind().code(), "invalid_request");
}
