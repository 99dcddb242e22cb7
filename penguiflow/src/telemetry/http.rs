//! Makes the HTTP clients of exporters. Must not know what is sent.

use crate::net;
use reqwest::{Client, Url};
use std::time::Duration;

/// A client whose requests take at most `timeout` each.
pub(super) fn client(timeout: Duration) -> Result<Client, reqwest::Error> {
    net::client().timeout(timeout).build()
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
