//! A secret that a node handles is in no error, no log and no JSON.

use crate::kit::failure;
use penguiflow::Secret;
use penguiflow::prelude::*;

const KEY: &str = "sk-very-secret-123";

#[derive(Debug)]
struct Denied {
    key: Secret,
}

impl std::fmt::Display for Denied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "denied for {:?}", self.key)
    }
}

impl std::error::Error for Denied {}

#[node]
fn deny(key: Secret) -> Result<Secret, Denied> {
    Err(Denied { key })
}

#[node]
fn burst(key: Secret) -> Secret {
    assert!(key.expose().is_empty(), "no use for {key:?}");
    key
}

#[node]
fn keep(key: Secret) -> Secret {
    key
}

flow! { denying(Secret) -> Secret { deny } }
flow! { bursting(Secret) -> Secret { burst } }
flow! { keeping(Secret) -> Secret { keep } }

/// semantics:35
#[tokio::test(start_paused = true)]
async fn a_secret_in_a_node_s_error_or_panic_is_printed_by_nothing() {
    let (denying, bursting) = (denying::flow().start().expect("starts"), bursting::flow().start().expect("starts"));
    let stops = [
        denying.call(Secret::new(KEY.to_owned())).await.expect_err("is denied"),
        bursting.call(Secret::new(KEY.to_owned())).await.expect_err("panics"),
    ];
    for stop in stops {
        let mut told = format!("{stop} {stop:?} {stop:#?}");
        let error = failure(stop);
        told += &format!("{error} {error:?} {}", error.to_payload());
        told += &format!("{:?}", error.into_kind());
        assert!(!told.contains(KEY) && !told.contains("very"), "{told}");
        assert!(told.contains("denied for") || told.contains("no use for"), "{told}");
    }
}

/// semantics:35
#[tokio::test(start_paused = true)]
async fn a_secret_comes_through_a_flow_and_is_shown_only_where_it_is_asked_for() {
    let app = keeping::flow().start().expect("starts");
    let message = Message::new(Secret::new(KEY.to_owned()));
    assert!(!format!("{message:?}").contains(KEY));
    let key = app.call(message).await.expect("completes");
    assert!(!format!("{key:?}").contains(KEY));
    assert_eq!(key.expose(), KEY);
    let trace = app.emit(key).await.expect("lets it in");
    assert!(!format!("{trace:?} {app:?}").contains(KEY));
    assert!(!format!("{:?}", trace.result().await).contains(KEY));
}
