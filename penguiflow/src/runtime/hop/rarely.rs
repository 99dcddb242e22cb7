//! Holds what few hops need in a box, so that dropping a hop without it costs one comparison. Knows nothing about hops.

use crate::runtime::hop::wait::Waits;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};

/// A box that is empty in most hops. A plain `Option` is dropped by a call into code that takes the whole box apart.
pub(super) struct Rarely(ManuallyDrop<Option<Box<Waits>>>);

impl Rarely {
    #[inline]
    pub(super) fn never() -> Self {
        Rarely(ManuallyDrop::new(None))
    }
}

impl Deref for Rarely {
    type Target = Option<Box<Waits>>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Rarely {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Drop for Rarely {
    #[inline]
    fn drop(&mut self) {
        if let Some(needed) = self.0.take() {
            drop_needed(needed);
        }
    }
}

/// Not generic, so that no flow compiles it again.
#[cold]
#[inline(never)]
fn drop_needed(needed: Box<Waits>) {
    drop(needed);
}
