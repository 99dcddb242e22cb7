//! What is read of a URL.

use super::{provider, server};

#[test]
fn of_a_url_only_the_host_and_the_port_are_told() {
    for (url, told) in [
        ("https://api.example.org/v1?key=secret", Some(("api.example.org", 443))),
        ("http://127.0.0.1:11434", Some(("127.0.0.1", 11_434))),
        ("http://example.org", Some(("example.org", 80))),
        ("https://ada:hunter2@example.org:8443/v1", Some(("example.org", 8_443))),
        ("https://ada@b:hunter2@example.org", Some(("example.org", 443))),
        ("https://[::1]:8080/v1", Some(("::1", 8_080))),
        ("https://[::1]/v1", Some(("::1", 443))),
        ("https://example.org:port/", None),
        ("https:///v1", None),
        ("example.org", None),
        ("", None),
    ] {
        assert_eq!(server(url), told, "{url}");
    }
}

#[test]
fn providers_have_the_names_of_the_conventions() {
    let names = ["openai", "google", "bedrock", "my-own"].map(provider);
    assert_eq!(names, ["openai", "gcp.gemini", "aws.bedrock", "my-own"]);
}
