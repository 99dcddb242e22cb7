//! The envelope stays with the message, whatever happens to the payload (SEMANTICS 24).

use proptest::prelude::*;

use super::{Deadline, Headers, Message, Meta};
use crate::clock::{Seam, later, secs};
use crate::id::TraceId;
use crate::validate::{Validate, Violations};

fn full() -> Message<&'static str> {
    Message::new("why?")
        .with_tenant("acme")
        .with_topic("support")
        .with_priority(-3)
        .with_trace_id(TraceId::from_u128(7))
        .with_deadline(secs(30))
        .with_meta("lang", "en")
}

#[test]
fn a_new_message_has_an_empty_envelope() {
    let message = Message::new(1);
    assert_eq!((message.headers().tenant(), message.headers().topic(), message.headers().priority()), (None, None, 0));
    assert!(message.meta().is_empty());
    assert_eq!((message.trace_id(), message.deadline()), (None, None));
    assert_eq!(Message::from(1), message);
}

#[test]
fn given_only_a_tenant_topic_is_absent_and_priority_is_zero() {
    let message = Message::new(1).with_tenant("acme");
    assert_eq!(message.headers(), &Headers::default().with_tenant("acme"));
    assert_eq!((message.headers().topic(), message.headers().priority()), (None, 0));
}

#[test]
fn a_new_payload_keeps_headers_meta_id_and_deadline() {
    let (_, envelope) = full().into_parts();
    assert_eq!(full().with_payload(5), Message::from_parts(5, envelope.clone()));
    assert_eq!(full().map(str::len), Message::from_parts(4, envelope.clone()));
    let mut changed = full();
    *changed.payload_mut() = "how?";
    assert_eq!(changed.into_parts(), ("how?", envelope));
}

#[test]
fn a_branch_that_writes_meta_is_not_seen_by_its_siblings() {
    let original = full();
    let (mut left, mut right) = (original.clone(), original.clone());
    left.meta_mut().insert("lang", "de");
    right.meta_mut().remove("lang");
    assert_eq!(original.meta().get("lang"), Some(&"en".into()));
    assert_eq!(left.meta().get("lang"), Some(&"de".into()));
    assert!(right.meta().is_empty());
}

#[test]
fn meta_written_by_two_nodes_in_turn_holds_both_entries() {
    let first = Message::new(1).with_meta("a", 1);
    let second = first.map(|payload| payload + 1).with_meta("b", 2);
    assert_eq!(second.meta(), &Meta::from_iter([("a", 1), ("b", 2)]));
}

#[test]
fn the_later_deadline_replaces_the_earlier_one() {
    let now = Seam::system().now();
    assert_eq!(full().with_deadline_at(now).deadline(), Some(Deadline::At(now)));
    assert_eq!(full().with_deadline_at(now).with_deadline(secs(1)).deadline(), Some(secs(1).into()));
}

#[test]
fn debug_shows_headers_and_meta() {
    let shown = format!("{:?}", full());
    for part in ["why?", "acme", "support", "-3", "lang", "en"] {
        assert!(shown.contains(part), "{part} is missing in {shown}");
    }
}

#[test]
fn a_message_is_checked_by_its_payload() {
    struct Never;
    impl Validate for Never {
        fn validate(&self) -> Result<(), Violations> {
            Violations::new().with("", "is never right").into_result()
        }
    }
    assert_eq!(Message::new(Never).validate(), Never.validate());
}

#[test]
fn headers_come_back_from_json() {
    let headers = Headers::default().with_tenant("acme").with_topic("support").with_priority(i32::MIN);
    let json = serde_json::to_string(&headers).expect("headers serialise");
    assert_eq!(serde_json::from_str::<Headers>(&json).ok(), Some(headers));
    assert_eq!(serde_json::to_string(&Headers::default()).ok().as_deref(), Some("{}"));
}

#[test]
fn an_envelope_can_be_changed_field_by_field() {
    let (payload, mut envelope) = full().into_parts();
    envelope.trace_id = Some(TraceId::from_u128(9));
    envelope.deadline = None;
    let message = Message::from_parts(payload, envelope);
    assert_eq!((message.trace_id(), message.deadline()), (Some(TraceId::from_u128(9)), None));
}

proptest! {
    #[test]
    fn a_relative_deadline_runs_from_admission_and_never_overflows(wait: std::time::Duration) {
        let admitted = Seam::system().now();
        let end = Deadline::In(wait).instant(admitted);
        prop_assert!(end >= admitted);
        prop_assert_eq!(end, later(admitted, wait));
        prop_assert_eq!(Deadline::At(admitted).instant(end), admitted);
    }
}
