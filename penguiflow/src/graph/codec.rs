//! Asks at compile time whether a type can be written down and read back, without asking for it. Knows no recorder.

#[cfg(feature = "recording")]
mod coded;
#[cfg(not(feature = "recording"))]
mod uncoded;

#[cfg(feature = "recording")]
pub use coded::Codec;
use std::marker::PhantomData;
#[cfg(not(feature = "recording"))]
pub use uncoded::Codec;

/// The question about `T`. `CodecOf::<T>::CODEC` is the answer, with [`NoCodec`] in scope: an inherent constant wins over a
/// trait's where its bounds hold.
#[derive(Debug)]
pub struct CodecOf<T>(PhantomData<T>);

/// The answer for a type that cannot be written down, and for any type without the feature.
pub trait NoCodec {
    /// None.
    const CODEC: Option<Codec> = None;
}

impl<T> NoCodec for CodecOf<T> {}
