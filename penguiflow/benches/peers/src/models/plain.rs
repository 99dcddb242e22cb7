//! The bytes alone: what reqwest takes to read them, whatever is in them. Both contenders stand on it.

use crate::Ask;
use crate::answers::Format;
use reqwest::Client;

pub fn read(_: Format, url: &str) -> Ask {
    let client = Client::builder().no_proxy().tls_certs_only([]).build().expect("a client");
    let url = format!("{url}/v1/chat/completions");
    Box::new(move || {
        let asked = client.post(&url).body("{}");
        Box::pin(async move {
            let (mut reply, mut bytes) = (asked.send().await.expect("answers"), 0);
            while let Some(piece) = reply.chunk().await.expect("answers") {
                bytes += piece.len();
            }
            bytes
        })
    })
}
