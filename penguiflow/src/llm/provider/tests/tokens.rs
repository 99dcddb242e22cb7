//! Tokens of OAuth clients.

use super::{Desk, ask, named, vars};
use crate::clock::{Seam, secs};
use crate::llm::error::LlmErrorKind;
use crate::llm::key::KeySource as _;
use crate::llm::provider::{ClientCredentials, Provider};
use crate::secret::Secret;

const URL: &str = "https://acme.cloud.databricks.com/oidc/v1/token";

fn source(desk: &Desk, seam: &Seam) -> ClientCredentials {
    let secret = Secret::new("s:cret".to_owned());
    ClientCredentials::new(URL, "cli ent", secret, desk.clone()).with_seam(seam.clone())
}

fn granted(token: &str) -> String {
    format!(r#"{{"access_token": "{token}", "token_type": "Bearer", "expires_in": 3600}}"#)
}

#[tokio::test(start_paused = true)]
async fn a_token_is_asked_for_once_and_again_before_it_ends() {
    let desk = Desk::giving(&[(200, &granted("one")), (200, &granted("two"))]);
    let seam = Seam::seeded(1);
    let source = source(&desk, &seam);
    let (first, second) = tokio::join!(source.key(), source.key());
    assert_eq!(first.expect("is one").expose(), "one");
    assert_eq!(second.expect("is one").expose(), "one");
    seam.sleep(secs(3_600 - 61)).await;
    assert_eq!(source.key().await.expect("is one").expose(), "one");
    assert_eq!(desk.sent().len(), 1);
    seam.sleep(secs(2)).await;
    assert_eq!(source.key().await.expect("is one").expose(), "two");
    let (url, headers) = desk.last();
    assert_eq!((url.as_str(), headers["content-type"].as_str()), (URL, "application/x-www-form-urlencoded"));
    assert_eq!(headers["authorization"], "Basic Y2xpK2VudDpzJTNBY3JldA==");
    assert_eq!(desk.sent()[1].body, b"grant_type=client_credentials&scope=all-apis");
    assert!(!format!("{source:?}").contains("cret"));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_gives_no_token_is_an_error_and_is_asked_again() {
    let desk = Desk::giving(&[
        (401, r#"{"error": "invalid_client", "error_description": "no such client"}"#),
        (503, ""),
        (200, "{}"),
        (200, &granted("one")),
    ]);
    let source = source(&desk, &Seam::seeded(1));
    let error = source.key().await.expect_err("is refused");
    assert_eq!((error.kind(), error.status()), (&LlmErrorKind::Auth, Some(401)));
    assert_eq!(source.key().await.expect_err("is broken").kind().code(), "overloaded");
    assert_eq!(source.key().await.expect_err("is empty").kind(), &LlmErrorKind::Auth);
    assert_eq!(source.key().await.expect("is one").expose(), "one");
}

/// tooling:2.4
#[test]
fn a_service_principal_goes_before_a_token_of_the_environment() {
    let all = [
        ("DATABRICKS_HOST", "https://acme.cloud.databricks.com"),
        ("DATABRICKS_TOKEN", "dapi-token"),
        ("DATABRICKS_CLIENT_ID", "client"),
        ("DATABRICKS_CLIENT_SECRET", "secret"),
    ];
    let desk = Desk::giving(&[(200, &granted("one"))]);
    let provider = named("databricks").with_transport(desk.clone()).from_vars(vars(&all)).expect("is read");
    ask(&provider.model("e").expect("is a model"));
    let sent = desk.sent();
    assert_eq!(sent[0].url, URL);
    let (url, headers) = desk.last();
    assert_eq!(url, "https://acme.cloud.databricks.com/serving-endpoints/e/invocations");
    assert_eq!(headers["authorization"], "Bearer one");
}

/// tooling:2.3: Vertex speaks OpenAI's format: <https://cloud.google.com/vertex-ai/generative-ai/docs/migrate/openai/overview>.
#[test]
fn a_server_whose_keys_are_tokens_is_reached_by_its_address_and_a_source_of_them() {
    let address = "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/endpoints/openapi";
    let (desk, tokens) = (Desk::default(), Desk::giving(&[(200, &granted("ya29"))]));
    let vertex = Provider::compatible("vertex", address).expect("is one").with_transport(desk.clone());
    let model =
        vertex.with_key(source(&tokens, &Seam::seeded(1))).model("google/gemini-2.5-flash").expect("is a model");
    ask(&model);
    let (url, headers) = desk.last();
    assert_eq!((url, headers["authorization"].as_str()), (format!("{address}/chat/completions"), "Bearer ya29"));
    let sent = String::from_utf8(desk.sent()[0].body.clone()).expect("is text");
    assert!(sent.contains("\"google/gemini-2.5-flash\""), "{sent}");
}
