//! Holds what few hops need in a box, so that dropping a hop without it costs one comparison. Knows nothing about hops.

use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};

/// A box that is empty in most hops. A plain `Option` is dropped by a call into code that takes the whole box apart.
pub(super) struct Rarely<T>(ManuallyDrop<Option<Box<T>>>);

impl<T> Rarely<T> {
    pub(super) fn never() -> Self {
        Rarely(ManuallyDrop::new(None))
    }
}

impl<T> Deref for Rarely<T> {
    type Target = Option<Box<T>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for Rarely<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<T> Drop for Rarely<T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(needed) = self.0.take() {
            drop_needed(needed);
        }
    }
}

#[cold]
#[inline(never)]
fn drop_needed<T>(needed: Box<T>) {
    drop(needed);
}
