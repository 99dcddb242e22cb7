//! Begins every HTTP client, and is the one place that chooses who encrypts for them. Must not know what is sent.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, retry};

/// A client that follows no redirect, which could lead a token astray, and sends nothing twice.
pub(crate) fn client() -> ClientBuilder {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails if somebody was faster: then there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    Client::builder().redirect(Policy::none()).retry(retry::never())
}

/// Puts a header whose value is printed by nobody.
pub(crate) fn put_secret(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), &'static str> {
    put(headers, name, value, true)
}

/// Puts a header.
pub(crate) fn put(headers: &mut HeaderMap, name: &str, value: &str, secret: bool) -> Result<(), &'static str> {
    let name: HeaderName = name.parse().map_err(|_| "the name has characters that no header may have")?;
    let mut value = HeaderValue::from_str(value).map_err(|_| "the value has characters that no header may have")?;
    value.set_sensitive(secret);
    headers.insert(name, value);
    Ok(())
}
