//! A transport that signs, by [version 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html) of AWS's signatures. Must not know
//! what is signed.

mod civil;

use crate::clock::Seam;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::signing::linked::civil::stamp;
use crate::llm::signing::{AwsKeySource, AwsKeys};
use crate::llm::transport::{HeaderText, HttpReply, HttpRequest, Transport};
use crate::secret::Secret;
use futures_util::future::{BoxFuture, FutureExt as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::SystemTime;

/// Signs what goes to that address by `transport`, which has to be one of the service in a region.
pub(crate) fn signing(
    transport: Arc<dyn Transport>,
    keys: Arc<dyn AwsKeySource>,
    base_url: &str,
    service: &'static str,
) -> Result<Arc<dyn Transport>, LlmError> {
    let region = region(base_url).ok_or_else(|| {
        let kind = LlmErrorKind::InvalidRequest { field: Some("base_url".to_owned()) };
        let message =
            format!("{base_url} does not say its region, as https://bedrock-runtime.REGION.amazonaws.com does");
        LlmError::new(kind, message).unsent()
    })?;
    Ok(Arc::new(Signing { transport, keys, region: region.to_owned(), service, seam: Seam::system() }))
}

/// The region of an address such as `https://bedrock-runtime.eu-central-1.amazonaws.com`, also of a private endpoint.
fn region(base_url: &str) -> Option<&str> {
    let (_, rest) = base_url.split_once("://")?;
    let host = rest.split(['/', ':']).next()?;
    let (before, _) = host.split_once(".amazonaws.com").or_else(|| host.split_once(".vpce.amazonaws.com"))?;
    before.trim_end_matches(".vpce").rsplit('.').next().filter(|region| region.contains('-'))
}

struct Signing {
    transport: Arc<dyn Transport>,
    keys: Arc<dyn AwsKeySource>,
    region: String,
    service: &'static str,
    seam: Seam,
}

impl Transport for Signing {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
        let (transport, source) = (self.transport.clone(), self.keys.clone());
        let (region, service, now) = (self.region.clone(), self.service, self.seam.wall());
        async move {
            let keys = source.keys().await?;
            transport.send(sign(request, &keys, &region, service, now)).await
        }
        .boxed()
    }
}

fn sign(request: HttpRequest, keys: &AwsKeys, region: &str, service: &str, now: SystemTime) -> HttpRequest {
    let (date, time) = stamp(now);
    let mut request = request.with_header("x-amz-date", time.as_str());
    let typed = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if !typed {
        request = request.with_header("content-type", "application/json");
    }
    if let Some(session) = &keys.session {
        request = request.with_secret("x-amz-security-token", session.clone());
    }
    let (host, path, query) = parts(&request.url);
    let mut headers: Vec<(String, String)> = vec![("host".to_owned(), host.to_owned())];
    for (name, value) in &request.headers {
        let name = name.to_ascii_lowercase();
        if name == "content-type" || name.starts_with("x-amz-") {
            headers.push((name, shown(value).trim().to_owned()));
        }
    }
    headers.sort();
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let body = hex(&Sha256::digest(&request.body));
    let canonical = format!("POST\n{}\n{query}\n{lines}\n{names}\n{body}", twice(path));
    let scope = format!("{date}/{region}/{service}/aws4_request");
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let signature = hex(&mac(&key(keys, &date, region, service), &to_sign));
    let id = &keys.id;
    let said = format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
    request.with_secret("authorization", Secret::new(said))
}

/// The key of a day, a region and a service.
fn key(keys: &AwsKeys, date: &str, region: &str, service: &str) -> Vec<u8> {
    let secret = Secret::new(format!("AWS4{}", keys.secret.expose()));
    let day = mac(secret.expose().as_bytes(), date);
    [region, service, "aws4_request"].iter().fold(day, |key, part| mac(&key, part))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // A key may have any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Host, path and query of a URL.
fn parts(url: &str) -> (&str, &str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    match rest.find('/') {
        Some(at) => (&rest[..at], &rest[at..], query),
        None => (rest, "/", query),
    }
}

/// A path as it is signed: what is written for a URL already is written so once more.
fn twice(path: &str) -> String {
    let mut written = String::with_capacity(path.len());
    for byte in path.bytes() {
        // Writing to a `String` cannot fail.
        let _ = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                write!(written, "{}", char::from(byte))
            }
            byte => write!(written, "%{byte:02X}"),
        };
    }
    written
}

fn shown(value: &HeaderText) -> &str {
    match value {
        HeaderText::Open(text) => text,
        HeaderText::Secret(secret) => secret.expose(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
