//! How the members ask for what they need: without default features, and the macros in exactly their own version.

use super::{assert_none, metadata, package};
use penguiflow_tests::metadata::{Dependency, Package};

/// Dependencies whose default features are wanted, with the reason.
const WITH_DEFAULTS: &[(&str, &str)] = &[];

fn default_features(members: &[&Package]) -> Vec<String> {
    let mut faults = Vec::new();
    for member in members {
        let others = member.dependencies.iter().filter(|dependency| dependency.path.is_none());
        let open = others.filter(|d| d.uses_default_features && !WITH_DEFAULTS.iter().any(|(name, _)| *name == d.name));
        faults.extend(open.map(|d| format!("{} needs `{}` with its default features", member.name, d.name)));
    }
    faults
}

/// The macros expand to paths of one version of the crate, so another one would not fit.
fn pin(user: &Package, macros: &Package) -> Vec<String> {
    let wanted = format!("={}", macros.version);
    match user.dependencies.iter().find(|d| d.name == macros.name && d.kind.is_none()) {
        Some(dependency) if dependency.req == wanted => Vec::new(),
        Some(dependency) => vec![format!("{} needs `{}` in {}, not {wanted}", user.name, macros.name, dependency.req)],
        None => vec![format!("{} does not need `{}`", user.name, macros.name)],
    }
}

#[test]
fn dependencies_come_without_their_default_features() {
    let metadata = metadata();
    let members: Vec<&Package> = metadata.packages.iter().filter(|package| package.source.is_none()).collect();
    assert!(members.len() > 1, "the members were not read");
    assert_none(&default_features(&members));
}

#[test]
fn penguiflow_pins_its_macros() {
    let metadata = metadata();
    let member = |name| metadata.member(name).expect("a member of the workspace");
    assert_none(&pin(member("penguiflow"), member("penguiflow-macros")));
}

#[cfg(test)]
fn user(name: &str, req: &str, uses_default_features: bool) -> Package {
    let dependency =
        Dependency { name: name.to_owned(), req: req.to_owned(), kind: None, uses_default_features, path: None };
    Package { dependencies: vec![dependency], ..package("user", "1.0.0") }
}

#[test]
fn default_features_are_refused() {
    assert_eq!(default_features(&[&user("tokio", "^1", true)]), ["user needs `tokio` with its default features"]);
    assert_eq!(default_features(&[&user("tokio", "^1", false)]), Vec::<String>::new());
}

#[test]
fn a_loose_pin_is_refused() {
    let macros = package("macros", "0.1.0");
    assert_eq!(pin(&user("macros", "^0.1.0", false), &macros), ["user needs `macros` in ^0.1.0, not =0.1.0"]);
    assert_eq!(pin(&user("other", "=0.1.0", false), &macros), ["user does not need `macros`"]);
    assert_eq!(pin(&user("macros", "=0.1.0", false), &macros), Vec::<String>::new());
}
