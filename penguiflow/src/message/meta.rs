//! Free entries that ride along with a message, copied only when written. Must not know what they mean.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

type Entries = BTreeMap<Arc<str>, Arc<Value>>;

/// JSON entries by key, in the order of their keys.
///
/// One pointer wide; empty, it allocates nothing. Clones share their entries until one of them is written, and then
/// share the values still. Serialised as a map.
///
/// ```
/// use penguiflow::message::Meta;
///
/// let mut meta = Meta::default();
/// meta.insert("lang", "en");
/// let branch = meta.clone();
/// meta.insert("score", 3);
/// assert_eq!((meta.len(), branch.len()), (2, 1));
/// assert_eq!(serde_json::to_string(&meta)?, r#"{"lang":"en","score":3}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Meta(
    // Never `Some` of an empty map: so empty compares equal to empty and costs nothing.
    Option<Arc<Entries>>,
);

impl Meta {
    /// Gives the value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.as_deref()?.get(key).map(Arc::as_ref)
    }

    /// Puts an entry and gives back the value that `key` had.
    pub fn insert(&mut self, key: impl Into<Arc<str>>, value: impl Into<Value>) -> Option<Value> {
        let entries = Arc::make_mut(self.0.get_or_insert_default());
        entries.insert(key.into(), Arc::new(value.into())).map(Arc::unwrap_or_clone)
    }

    /// Takes an entry out and gives its value back.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let entries = self.0.as_mut().filter(|entries| entries.contains_key(key))?;
        if entries.len() == 1 {
            let last = self.0.take()?;
            return last.get(key).map(|value| Value::clone(value));
        }
        Arc::make_mut(entries).remove(key).map(Arc::unwrap_or_clone)
    }

    /// Goes through the entries in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().flat_map(|entries| entries.iter()).map(|(key, value)| (&**key, &**value))
    }

    /// Counts the entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |entries| entries.len())
    }

    /// Tells whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Adds the entries of `later` whose keys are not here yet: on a clash the earlier value stays.
    ///
    /// This is how a join makes one meta of its branches', in branch order. Copies nothing where `later` has nothing new.
    ///
    /// ```
    /// use penguiflow::message::Meta;
    ///
    /// let mut first = Meta::from_iter([("lang", "en")]);
    /// first.merge(&Meta::from_iter([("lang", "de"), ("user", "ada")]));
    /// assert_eq!(first, Meta::from_iter([("lang", "en"), ("user", "ada")]));
    /// ```
    #[inline]
    pub fn merge(&mut self, later: &Self) {
        if let Some(theirs) = &later.0 {
            self.merge_entries(theirs);
        }
    }

    fn merge_entries(&mut self, theirs: &Arc<Entries>) {
        let Some(ours) = &mut self.0 else {
            self.0 = Some(Arc::clone(theirs));
            return;
        };
        if Arc::ptr_eq(ours, theirs) || theirs.keys().all(|key| ours.contains_key(key)) {
            return;
        }
        let ours = Arc::make_mut(ours);
        for (key, value) in theirs.iter() {
            ours.entry(Arc::clone(key)).or_insert_with(|| Arc::clone(value));
        }
    }
}

impl<K: Into<Arc<str>>, V: Into<Value>> FromIterator<(K, V)> for Meta {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries: Entries = entries.into_iter().map(|(key, value)| (key.into(), Arc::new(value.into()))).collect();
        Self((!entries.is_empty()).then(|| Arc::new(entries)))
    }
}

impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Meta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Meta {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::<Arc<str>, Value>::deserialize(deserializer).map(Self::from_iter)
    }
}

#[cfg(test)]
mod tests;
