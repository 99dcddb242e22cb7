//! The table of mistakes of `#[derive(Provides)]`.

use crate::table::{check, expand};

#[test]
fn a_struct_provides_each_of_its_fields() {
    let out = expand(
        "#[derive(Provides)] struct App { index: Index, #[cfg(feature = \"db\")] db: Arc<Db>, #[provides(skip)] n: u8 }",
    );
    assert!(out.contains("impl ::penguiflow::__private::Provides<Index> for App"), "{out}");
    assert!(out.contains("#[cfg(feature = \"db\")]"), "{out}");
    assert!(!out.contains("u8"), "{out}");
    let out = expand("#[derive(Provides)] #[provides(crate = pf)] struct App<T: Send>(Index, T) where T: Sync;");
    assert!(out.contains("impl<T: Send> pf::__private::Provides<T> for App<T>"), "{out}");
    assert!(out.contains("&self.1"), "{out}");
}

#[test]
fn a_type_is_provided_once() {
    check(
        "#[derive(Provides)]\nstruct App {\n    name: String,\n    title: String,\n}",
        &[(
            4,
            12,
            "`State<'_, String>` could mean `name` or `title`: give one of them a type of its own, or write \
             `#[provides(skip)]` on it",
        )],
    );
}

#[test]
fn a_state_is_a_struct() {
    let text = "a state is a struct with a field for each part that nodes share, and this is an enum";
    check("#[derive(Provides)]\npub enum App { A }", &[(2, 5, text)]);
}

#[test]
fn the_options_stand_where_they_mean_something() {
    check("#[derive(Provides)]\n#[provides(skip)] struct App { a: u8 }", &[(2, 12, "`skip` stands on a field")]);
    check(
        "#[derive(Provides)]\nstruct App { #[provides(skp)] a: u8 }",
        &[(2, 25, "`skp` is no argument here: write `skip`")],
    );
    check(
        "#[derive(Provides)]\nstruct App { #[provides(crate = x)] a: u8 }",
        &[(2, 25, "`crate` stands on the struct")],
    );
    check(
        "#[derive(Provides)]\nstruct App { #[provides] a: u8 }",
        &[(2, 14, "`#[provides]` says nothing: write `#[provides(skip)]`")],
    );
}
