//! Signatures, as botocore 1.44.8 makes them of the same requests. Unit tests.

use super::{region, sign, signing};
use crate::llm::error::LlmErrorKind;
use crate::llm::signing::AwsKeys;
use crate::llm::signing::linked::shown;
use crate::llm::transport::{HttpReply, HttpRequest, Transport};
use crate::secret::Secret;
use futures_util::future::{BoxFuture, FutureExt as _, pending};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

const BEDROCK: &str = "https://bedrock-runtime.us-east-1.amazonaws.com";

fn keys() -> AwsKeys {
    AwsKeys::new("AKIDEXAMPLE", Secret::from("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
}

fn signed(url: &str, keys: &AwsKeys) -> HttpRequest {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160);
    sign(HttpRequest::json(url, &json!({ "a": 1 })), keys, region(url).expect("it says one"), "bedrock", now)
}

fn header(request: &HttpRequest, name: &str) -> Option<String> {
    request.headers.iter().find(|(one, _)| one == name).map(|(_, value)| shown(value).to_owned())
}

#[test]
fn a_request_is_signed_as_botocore_signs_it() {
    let session = keys().with_session(Secret::from("the-session"));
    let (model, stream) = ("/model/anthropic.claude-v2%3A1/converse", "/model/m/converse-stream");
    let frankfurt = "https://bedrock-runtime.eu-central-1.amazonaws.com";
    let rows = [
        (BEDROCK, model, keys(), "dc7a6912d154b37525f30cd184a866f2550faaa57bce09355b583a94512397a6"),
        (frankfurt, stream, keys(), "290d106d19abd44b1c1af4357c4423bc4769a0556572174fda49bfdb35309bda"),
        (BEDROCK, model, session.clone(), "05917fa3447b3f9e25ebaca34828497e416d71f2f77d016575cc64be3521c42d"),
        (frankfurt, stream, session, "823bf631ca3d669e11cbb9344f7be4d9ec05cc1d930a95d6edf9281236b9e5ef"),
    ];
    for (base, path, keys, signature) in rows {
        let request = signed(&format!("{base}{path}"), &keys);
        let said = header(&request, "authorization").expect("it is signed");
        assert!(said.ends_with(&format!("Signature={signature}")), "{path}: {said}");
        assert!(said.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/"), "{said}");
        assert_eq!(header(&request, "x-amz-date").as_deref(), Some("20150830T123600Z"));
        assert_eq!(header(&request, "x-amz-security-token").is_some(), keys.session.is_some());
    }
}

#[test]
fn neither_the_secret_nor_the_signature_is_shown() {
    let request = signed(&format!("{BEDROCK}/model/m/converse"), &keys().with_session(Secret::from("the-session")));
    let shown = format!("{request:?} {:?}", keys());
    for hidden in ["wJalr", "the-session", "Signature="] {
        assert!(!shown.contains(hidden), "{hidden}: {shown}");
    }
}

#[test]
fn an_address_says_its_region() {
    assert_eq!(region(BEDROCK), Some("us-east-1"));
    assert_eq!(region("https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com/x"), Some("us-gov-west-1"));
    assert_eq!(region("https://vpce-1-a.bedrock-runtime.eu-west-3.vpce.amazonaws.com"), Some("eu-west-3"));
    assert_eq!(region("https://bedrock-runtime.cn-north-1.amazonaws.com.cn"), Some("cn-north-1"));
    assert_eq!(region("https://proxy.example.org"), None);

    struct Nowhere;
    impl Transport for Nowhere {
        fn send(&self, _: HttpRequest) -> BoxFuture<'static, Result<HttpReply, crate::llm::error::LlmError>> {
            pending().boxed()
        }
    }
    let refused = signing(Arc::new(Nowhere), Arc::new(keys()), "https://proxy.example.org", "bedrock").err();
    let error = refused.expect("it says no region");
    assert!(matches!(error.kind(), LlmErrorKind::InvalidRequest { .. }) && error.is_free(), "{error:?}");
}
