//! Writes values of a type down, and reads them back. The one place where their type is erased for that.

use crate::graph::codec::CodecOf;
use crate::graph::stub::Stubbed;
use serde::{Deserialize, Serialize};
use serde_json::{Error, Value};
use std::any::Any;

/// How values of a type are written down and read back.
#[derive(Clone, Copy)]
pub struct Codec {
    /// Nothing for a value of another type.
    write: fn(&dyn Any) -> Option<Result<Value, Error>>,
    read: fn(&Value) -> Result<Box<dyn Any + Send>, Error>,
    read_stub: fn(&Value) -> Result<Stubbed, Error>,
}

// Not `DeserializeOwned`, which asks for each lifetime: rustc would refuse a `&'static str` where it should find no codec.
impl<T: Serialize + Deserialize<'static> + Send + 'static> CodecOf<T> {
    /// The codec of a type that has both sides of serde.
    pub const CODEC: Option<Codec> = Some(Codec {
        write: |value| value.downcast_ref::<T>().map(serde_json::to_value),
        read: |written| Ok(Box::new(T::deserialize(kept(written))?)),
        read_stub: |written| Ok(Box::new(Some(T::deserialize(kept(written))?))),
    });
}

/// The same, for as long as the process runs: what is read may borrow from it, as a `&'static str` does. Only replays read.
fn kept(written: &Value) -> &'static Value {
    Box::leak(Box::new(written.clone()))
}

impl Codec {
    /// The written form of a value; nothing for one of another type.
    pub(crate) fn write(&self, value: &dyn Any) -> Option<Result<Value, Error>> {
        (self.write)(value)
    }

    /// The value that was written.
    #[allow(dead_code, reason = "only a replay, behind another feature, reads")]
    pub(crate) fn read(&self, written: &Value) -> Result<Box<dyn Any + Send>, Error> {
        (self.read)(written)
    }

    /// The value that was written, as a stub gives it.
    #[allow(dead_code, reason = "only a replay, behind another feature, reads")]
    pub(crate) fn read_stub(&self, written: &Value) -> Result<Stubbed, Error> {
        (self.read_stub)(written)
    }
}

impl std::fmt::Debug for Codec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Codec").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::codec::{CodecOf, NoCodec as _};
    use crate::secret::Secret;

    struct Plain;

    #[test]
    fn a_type_with_both_sides_of_serde_is_written_and_read_and_no_other_one() {
        let codec = CodecOf::<Vec<u8>>::CODEC.expect("has one");
        let written = codec.write(&vec![1u8, 2]).expect("of its type").expect("can be written");
        assert_eq!(codec.read(&written).expect("reads").downcast_ref(), Some(&vec![1u8, 2]));
        assert!(codec.write(&"another type").is_none());
        let codec = CodecOf::<(u8, &'static str)>::CODEC.expect("has one, although it borrows");
        let read = codec.read(&serde_json::json!([1, "krill"])).expect("reads");
        assert_eq!(read.downcast_ref(), Some(&(1_u8, "krill")));
        assert!(CodecOf::<Plain>::CODEC.is_none());
        assert!(CodecOf::<Secret<String>>::CODEC.is_none(), "what must not be written is not");
    }
}
