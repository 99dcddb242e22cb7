//! How names stand in paths. Unit tests.

use super::segment;

#[test]
fn a_name_stays_one_part_of_its_path() {
    assert_eq!(segment("anthropic.claude-3-5-v2:0"), "anthropic.claude-3-5-v2%3A0");
    assert_eq!(segment("../a?key=b#é"), "..%2Fa%3Fkey%3Db%23%C3%A9");
}
