//! The table of mistakes of `#[message]`, and what it adds where.

use crate::table::{check, expand};

#[track_caller]
fn adds(source: &str, some: &[&str], none: &[&str]) {
    let out = expand(source);
    some.iter().for_each(|text| assert!(out.contains(text), "no {text}\n{out}"));
    none.iter().for_each(|text| assert!(!out.contains(text), "{text}\n{out}"));
}

#[test]
fn a_message_is_a_struct_or_an_enum() {
    check(
        "#[message]\npub fn f() {}",
        &[(2, 5, "`#[message]` goes on a struct or an enum, and this is a function: write `#[node]`")],
    );
    check(
        "#[message]\n/// Either.\nunion Both { a: u8, b: i8 }",
        &[(
            3,
            1,
            "`#[message]` goes on a struct or an enum, and this is a union, which can be neither cloned nor stored \
             safely: write an enum",
        )],
    );
    check(
        "#[message]\ntype Id = u64;",
        &[(
            2,
            1,
            "`#[message]` goes on a struct or an enum, and this is an alias: put it on the type itself, or wrap that in \
             a struct",
        )],
    );
    check("#[message]\nmod m {}", &[(2, 1, "`#[message]` goes on a struct or an enum, and this is neither")]);
}

#[test]
fn an_unknown_argument_is_answered_with_the_nearest() {
    let item = "\nstruct Q(u8);";
    let says = |attribute: &str, column: usize, text: &str| check(&format!("{attribute}{item}"), &[(1, column, text)]);
    says("#[message(no_shema)]", 11, "`no_shema` is no argument here: write `no_schema`");
    says("#[message(serde)]", 11, "`serde` is no argument here: write `no_serde`");
    says("#[message(validate)]", 11, "`validate` is no argument here: write `garde`");
    says("#[message(krate = x)]", 11, "`krate` is no argument here: write `crate = my_penguiflow`");
    says("#[message(copy)]", 11, "`copy` is no argument here: there are `no_schema`, `no_serde`, `garde`, `crate`");
}

#[test]
fn an_argument_is_well_formed_and_stands_once() {
    let item = "\nstruct Q(u8);";
    let says = |attribute: &str, column: usize, text: &str| check(&format!("{attribute}{item}"), &[(1, column, text)]);
    says("#[message(no_serde, no_serde)]", 21, "`no_serde` is given twice: keep one");
    says("#[message(no_serde = true)]", 20, "`no_serde` takes no value: write `no_serde` alone");
    let path = "`crate` takes the path of the crate: write `crate = my_penguiflow`";
    says("#[message(crate)]", 11, path);
    says("#[message(crate = )]", 11, path);
    says("#[message(crate = \"x\")]", 19, path);
    says("#[message(crate = a<B>)]", 20, path);
}

#[test]
fn a_message_gets_the_derives_that_it_lacks() {
    adds(
        "#[message] struct Q(u8);",
        &[
            "::core::fmt::Debug",
            "::core::clone::Clone",
            "#[serde(crate = \"::penguiflow::__private::serde\")]",
            "#[schemars(crate = \"::penguiflow::__private::schemars\")]",
        ],
        &["Routed"],
    );
    adds(
        "#[message] #[derive(Debug, std::clone::Clone, serde::Serialize)] struct Q(u8);",
        &["::penguiflow::__private::serde::Deserialize", "#[serde(crate"],
        &["::core::fmt::Debug", "::core::clone::Clone", "__private::serde::Serialize"],
    );
    adds(
        "#[message] #[serde(crate = \"s\", default)] struct Q(u8);",
        &["__private::serde::Serialize"],
        &["private::serde\""],
    );
    adds("#[message(no_schema, no_serde)] struct Q(u8);", &["Debug"], &["serde", "schemars"]);
    adds(
        "#[message(crate = pf)] struct Q(u8);",
        &["pf::__private::serde::Serialize", "\"pf::__private::serde\""],
        &["::penguiflow"],
    );
    adds(
        "#[message(garde)] #[cfg(unix)] struct Q<T: Send>(T) where T: Sync;",
        &[
            "::garde::Validate",
            "impl<T: Send> ::penguiflow::__private::Validate for Q<T>",
            "T: Sync",
            "#[cfg(unix)]\n#[automatically_derived]",
        ],
        &[],
    );
    adds("#[message(garde)] #[derive(garde::Validate)] struct Q(u8);", &["by_garde(self)"], &["::garde::Validate"]);
}

#[test]
fn an_enum_gets_one_arm_for_each_variant() {
    adds(
        "#[message] enum V { A(Docs), B(u8, Box<Self>), #[cfg(unix)] C, D {} }",
        &["variant `D` has named fields, so a router cannot return `V`", "C(::penguiflow::__private::Gone)"],
        &["type __P0"],
    );
    adds(
        "#[message] #[cfg(unix)] enum V { A(Docs), B(u8, Box<Self>), #[cfg(unix)] C, D }",
        &[
            "type __P0 = Docs;",
            "type __P1 = (u8, Box<V>);",
            "pub enum V<__In>",
            "#[cfg(unix)]\nconst _: () =",
            "PassesInput",
        ],
        &["PassesNothing", "cfg(not("],
    );
    adds("#[message] enum V { A(Docs) }", &["pub enum V {", "PassesNothing"], &["PassesInput"]);
    adds(
        "#[message] enum V { A(Docs), #[cfg(unix)] #[cfg(test)] B, #[cfg(windows)] C }",
        &["#[cfg(any(all(unix, test), all(windows)))]", "#[cfg(not(any(all(unix, test), all(windows))))]"],
        &[],
    );
    adds("#[message] enum V<T> { A(T) }", &["`V` has generics, so a router cannot return it"], &["type __P0"]);
}
