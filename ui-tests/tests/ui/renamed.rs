//! Proves that a user who knows the crate by another name can use every macro.

use super::compiler;
use super::programs;

const DEPENDENCIES: &str = "arctic = { package = \"penguiflow\", path = \"{workspace}/penguiflow\" }\n\
    tokio = { version = \"1\", default-features = false, features = [\"rt\"] }";

#[test]
fn a_crate_under_another_name_is_found() {
    let paths = programs::of("renamed");
    let output = compiler::cargo(&["build"], "penguiflow-renamed", DEPENDENCIES, &paths);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for path in paths {
        let name = programs::name(&path);
        let output =
            compiler::cargo(&["run", "--bin", &name], "penguiflow-renamed", DEPENDENCIES, &programs::of("renamed"));
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
