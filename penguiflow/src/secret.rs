//! Keeps a value out of prints, logs and stored records. Must not know where the value came from.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroize;

/// A value that is used, but never shown: an API key, a password, a token.
///
/// `Debug` and `Display` print `[redacted]`. It can be read from a configuration or a request, but not serialised, so a
/// message that holds one does not compile until its author decides: skip the field, or store it on purpose with
/// [`serialize_exposed`](Self::serialize_exposed). Its bytes are overwritten when it is dropped.
///
/// ```
/// use penguiflow::secret::Secret;
///
/// let key = Secret::from("sk-123");
/// assert_eq!(format!("{key} {key:?}"), "[redacted] [redacted]");
/// assert_eq!(key.expose(), "sk-123");
/// ```
///
/// Serialising by accident does not compile:
///
/// ```compile_fail,E0277
/// let key = penguiflow::secret::Secret::from("sk-123");
/// serde_json::to_string(&key);
/// ```
///
/// There is no `==`: comparing byte by byte tells an attacker by its time how much of a guess was right. Compare
/// what [`expose`](Self::expose) gives, with a constant-time function where the other side is not trusted.
///
/// # Limits
///
/// Overwritten is what the value holds at the end. Copies made before – by the parser that read it, by a `String` that
/// grew, by moving an array – are not.
#[derive(Clone)]
pub struct Secret<T: Wipe = String>(T);

const REDACTED: &str = "[redacted]";

impl<T: Wipe> Secret<T> {
    /// Takes a value into custody.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Shows the value: every use of it can be found by this name.
    #[must_use]
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Serialises the value in the clear, for a field that is meant to be stored.
    ///
    /// ```
    /// use penguiflow::secret::Secret;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Account {
    ///     name: String,
    ///     #[serde(serialize_with = "Secret::serialize_exposed")]
    ///     token: Secret,
    /// }
    ///
    /// let account = Account { name: "ada".into(), token: Secret::from("t-1") };
    /// assert_eq!(serde_json::to_string(&account)?, r#"{"name":"ada","token":"t-1"}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the value and the serializer.
    pub fn serialize_exposed<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>
    where
        T: Serialize,
    {
        self.0.serialize(serializer)
    }
}

impl<T: Wipe> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl<T: Wipe> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl<T: Wipe> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl<T: Wipe> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

/// # Errors
///
/// Tells that the secret could not be read, and not why: the reader's own words would quote the value.
impl<'de, T: Wipe + Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self).map_err(|_| D::Error::custom("a secret has the wrong form"))
    }
}

/// The schema of the value, marked as one that is written and never read back.
impl<T: Wipe + JsonSchema> JsonSchema for Secret<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Secret_{}", T::schema_name()).into()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("Secret<{}>", T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = generator.subschema_for::<T>();
        schema.insert("writeOnly".to_owned(), true.into());
        schema
    }
}

/// Overwrites its own bytes, so that they do not stay in memory.
///
/// For a type of your own, wipe each field:
///
/// ```
/// use penguiflow::secret::{Secret, Wipe};
///
/// struct Login { user: String, password: String }
/// impl Wipe for Login {
///     fn wipe(&mut self) {
///         self.user.wipe();
///         self.password.wipe();
///     }
/// }
///
/// let login = Secret::new(Login { user: "ada".into(), password: "1815".into() });
/// assert_eq!(login.expose().user, "ada");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how its bytes are overwritten, so it cannot be a `Secret`",
    label = "write `impl penguiflow::secret::Wipe for {Self}`",
    note = "`String`, `Vec<u8>`, `[u8; N]` and `Option`s of them do: a struct may also hold one `Secret` a field"
)]
pub trait Wipe {
    /// Overwrites the value; it stays valid, and means nothing any more.
    fn wipe(&mut self);
}

impl Wipe for String {
    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl Wipe for Vec<u8> {
    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl<const N: usize> Wipe for [u8; N] {
    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl<T: Wipe> Wipe for Option<T> {
    fn wipe(&mut self) {
        if let Some(value) = self {
            value.wipe();
        }
        *self = None;
    }
}

#[cfg(test)]
mod tests;
