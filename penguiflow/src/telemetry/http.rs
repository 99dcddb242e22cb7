//! Makes HTTP clients, and is the one place that chooses who encrypts for them. Must not know what is sent.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use std::time::Duration;

/// A client whose requests take at most `timeout` each and follow no redirect, which could lead a token astray.
pub(super) fn client(timeout: Duration) -> Result<Client, reqwest::Error> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails if somebody was faster: then there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    Client::builder().timeout(timeout).redirect(Policy::none()).build()
}

/// `base`, which must be a URL of http or https, with `path` behind it, unless it ends so already.
pub(super) fn url(base: &str, path: &str) -> Result<Url, &'static str> {
    let base = base.trim_end_matches('/');
    let whole = if base.ends_with(path) { base.to_owned() } else { format!("{base}{path}") };
    let url = Url::parse(&whole).map_err(|_| "it is no URL")?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        _ => Err("it is no URL of http or https"),
    }
}

/// Puts a header whose value is printed by nobody.
pub(super) fn put_secret(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), &'static str> {
    let name: HeaderName = name.parse().map_err(|_| "the name has characters that no header may have")?;
    let mut value = HeaderValue::from_str(value).map_err(|_| "the value has characters that no header may have")?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}
