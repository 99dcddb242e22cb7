//! Stands for the rules of the `garde` crate where the feature is off, and says so. Checks nothing.

use super::Violations;

/// What `#[message(garde)]` needs.
#[diagnostic::on_unimplemented(
    message = "`#[message(garde)]` needs the feature `garde` of penguiflow",
    label = "the feature `garde` is off",
    note = "write `features = [\"garde\"]` beside penguiflow in Cargo.toml, or `impl penguiflow::Validate for {Self}`"
)]
pub trait FeatureGarde {}

/// Never runs, since nothing has the feature.
pub fn by_garde<T: FeatureGarde + ?Sized>(_: &T) -> Result<(), Violations> {
    Ok(())
}
