//! Says whether an address may be asked, and gets a key. Must not know whose it is.

use crate::llm::error::{LlmError, LlmErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Where requests may go without encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    /// To this very machine.
    Loopback,
    /// To any.
    Anywhere,
}

/// The base URL without a `/` at its end.
///
/// No user, for it would stand in errors and logs; no query and no fragment, for a path is put behind it.
pub(crate) fn checked(url: &str, plain: Plain) -> Result<String, LlmError> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("it has no `https://` in front"))?;
    let encrypted = match scheme.to_ascii_lowercase().as_str() {
        "https" => true,
        "http" => false,
        _ => return Err(wrong("it is neither of `https` nor of `http`")),
    };
    // What parsers read differently leads astray: backslashes, spaces, letters that look like others.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]%,;=+!$'()".contains(c);
    match rest.chars().find(|c| !is_plain(*c)) {
        None => {}
        Some('@') => return Err(wrong("it names a user; keys are given apart")),
        Some('?' | '#') => return Err(wrong("it has a query or a fragment; a path is put behind it")),
        Some(other) => return Err(wrong(&format!("it has the character {other:?}"))),
    }
    let authority = rest.split('/').next().unwrap_or_default();
    let host = host(authority).ok_or_else(|| wrong("it names no host"))?;
    if rest.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(wrong("it leads through `..`"));
    }
    if !encrypted && plain == Plain::Loopback && !is_loopback(host) {
        return Err(wrong("it is of `http`, and not on this machine: use `https`, or `allow_http`"));
    }
    let scheme = if encrypted { "https" } else { "http" };
    Ok(format!("{scheme}://{}", rest.trim_end_matches('/')))
}

/// The host of `host:port`, where both are what they should be.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, behind) = rest.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            (host, if behind.is_empty() { None } else { Some(behind.strip_prefix(':')?) })
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let is_host = !host.is_empty() && (host.parse::<Ipv6Addr>().is_ok() || host.chars().all(is_name));
    (is_host && port.is_none_or(|port| port.parse::<u16>().is_ok())).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    let name = host.to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
}

fn wrong(why: &str) -> LlmError {
    let kind = LlmErrorKind::InvalidRequest { field: Some("base_url".to_owned()) };
    LlmError::new(kind, format!("the base URL cannot be used: {why}"))
}
