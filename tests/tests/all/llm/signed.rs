//! Requests to Bedrock that are signed with an access key.

use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::{self, StreamExt as _};
use penguiflow::llm::{
    AwsKeys, HeaderText, Headers, HttpReply, HttpRequest, LlmClient, LlmError, LlmErrorKind, Provider, Retry, Transport,
};
use penguiflow::secret::Secret;
use std::sync::{Arc, Mutex};

const ANSWER: &str = r#"{"output":{"message":{"role":"assistant","content":[{"text":"krill"}]}},"stopReason":"end_turn",
    "usage":{"inputTokens":3,"outputTokens":1,"totalTokens":4}}"#;

/// Keeps what is sent, and gives one answer.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<HttpRequest>>>);

impl Transport for Kept {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
        self.0.lock().expect("no test panics inside").push(request);
        let body = stream::iter([Ok(ANSWER.as_bytes().to_vec())]).boxed();
        async { Ok(HttpReply::new(200, Headers::default(), body)) }.boxed()
    }
}

impl Kept {
    fn header(&self, name: &str) -> Option<(String, bool)> {
        let sent = self.0.lock().expect("no test panics inside");
        let header = sent.last()?.headers.iter().find(|(one, _)| one == name)?;
        Some(match &header.1 {
            HeaderText::Open(text) => (text.clone(), true),
            HeaderText::Secret(secret) => (secret.expose().clone(), false),
            _ => panic!("another kind of header"),
        })
    }
}

fn vars(name: &str) -> Option<String> {
    let value = match name {
        "AWS_ACCESS_KEY_ID" => "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY" => "wJalr-of-the-team",
        "AWS_SESSION_TOKEN" => "the-session",
        "AWS_REGION" => "eu-central-1",
        _ => return None,
    };
    Some(value.to_owned())
}

async fn ask(provider: Provider, kept: &Kept) -> Result<String, LlmError> {
    let model = provider.with_transport(kept.clone()).model("anthropic.claude-x-v1:0")?;
    Ok(LlmClient::new(model).with_retry(Retry::none()).chat("food?").await?.text())
}

#[tokio::test]
async fn an_access_key_of_the_environment_signs_and_is_not_sent() {
    let kept = Kept::default();
    let provider = Provider::named("bedrock").expect("there is one").from_vars(vars).expect("they are right");
    assert_eq!(ask(provider, &kept).await.expect("it answers"), "krill");
    let (said, open) = kept.header("authorization").expect("it is signed");
    assert!(said.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") && !open, "{said}");
    assert!(said.contains("/eu-central-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date;"), "{said}");
    assert_eq!(kept.header("x-amz-security-token"), Some(("the-session".to_owned(), false)));
    let sent = kept.0.lock().expect("no test panics inside").pop().expect("it was sent");
    assert_eq!(sent.url, "https://bedrock-runtime.eu-central-1.amazonaws.com/model/anthropic.claude-x-v1%3A0/converse");
    assert!(!format!("{sent:?}").contains("wJalr") && !String::from_utf8_lossy(&sent.body).contains("wJalr"));
}

#[tokio::test]
async fn an_api_key_goes_before_an_access_key() {
    let kept = Kept::default();
    let both = |name: &str| if name == "AWS_BEARER_TOKEN_BEDROCK" { Some("api-key".to_owned()) } else { vars(name) };
    let provider = Provider::named("bedrock").expect("there is one").from_vars(both).expect("they are right");
    ask(provider, &kept).await.expect("it answers");
    assert_eq!(kept.header("authorization"), Some(("Bearer api-key".to_owned(), false)));
}

#[tokio::test]
async fn an_access_key_signs_for_a_region_and_for_no_other_provider() {
    let keys = || AwsKeys::new("AKIDEXAMPLE", Secret::from("wJalr-of-the-team"));
    let kept = Kept::default();
    let provider = Provider::named("bedrock").expect("there is one").with_aws_keys(keys());
    let proxied = provider.clone().with_base_url("https://proxy.example.org").expect("is a URL");
    let error = ask(proxied, &kept).await.expect_err("it says no region");
    assert!(error.to_string().contains("does not say its region"), "{error}");
    ask(provider.with_base_url("us-west-2").expect("is a region"), &kept).await.expect("it answers");
    assert!(kept.header("authorization").expect("it is signed").0.contains("/us-west-2/bedrock/"));
    let error = ask(Provider::named("openai").expect("there is one").with_aws_keys(keys()), &kept).await;
    let error = error.expect_err("it takes none");
    assert!(matches!(error.kind(), LlmErrorKind::InvalidRequest { .. }), "{error:?}");
}
