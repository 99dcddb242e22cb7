//! Who a message belongs to and what it is about. Must not know what is done with that.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Tenant, topic and priority of a message.
///
/// Cheap to clone: text is counted, not copied. Serialised as a map that leaves out what is not set.
///
/// ```
/// use penguiflow::message::Headers;
///
/// let headers = Headers::default().with_tenant("acme").with_priority(2);
/// assert_eq!(serde_json::to_string(&headers)?, r#"{"tenant":"acme","priority":2}"#);
/// assert_eq!(serde_json::from_str::<Headers>("{}")?, Headers::default());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Headers {
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<Arc<str>>,
    #[serde(skip_serializing_if = "is_zero")]
    priority: i32,
}

impl Headers {
    /// Names the tenant.
    #[must_use]
    pub fn with_tenant(mut self, tenant: impl Into<Arc<str>>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Names the topic.
    #[must_use]
    pub fn with_topic(mut self, topic: impl Into<Arc<str>>) -> Self {
        self.topic = Some(topic.into());
        self
    }

    /// Sets the priority.
    #[must_use]
    pub fn with_priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// Whose message it is: the border that data of one customer must not cross.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// The tenant, counted and not copied.
    pub(crate) fn shared_tenant(&self) -> Option<Arc<str>> {
        self.tenant.clone()
    }

    /// What it is about: a free hint for routers.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }

    /// How urgent it is: a hint, 0 unless set. The runtime never reorders by it.
    #[must_use]
    pub fn priority(&self) -> i32 {
        self.priority
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(priority: &i32) -> bool {
    *priority == 0
}
