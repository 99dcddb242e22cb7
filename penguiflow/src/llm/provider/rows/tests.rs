//! What rows make of the addresses that people write. Unit tests.

use super::find;

fn tidied(provider: &str, url: &str) -> String {
    let row = find(provider).expect("there is such a provider");
    (row.tidy)(url)
}

#[test]
fn a_region_stands_for_the_address_of_bedrock_there() {
    assert_eq!(tidied("bedrock", "eu-central-1"), "https://bedrock-runtime.eu-central-1.amazonaws.com");
    for as_it_is in ["https://vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com", "evil.example", "EU", ""] {
        assert_eq!(tidied("bedrock", as_it_is), as_it_is);
    }
}

#[test]
fn the_version_in_an_address_is_not_said_twice() {
    for url in ["https://api.anthropic.com", "https://api.anthropic.com/v1", "https://api.anthropic.com/v1/"] {
        assert_eq!(tidied("anthropic", url), "https://api.anthropic.com");
    }
    assert_eq!(tidied("gemini", "https://proxy.example/google/v1beta"), "https://proxy.example/google");
}
