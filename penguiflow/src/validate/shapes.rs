//! Validates std's containers part by part. Must not know any rule.

use std::sync::Arc;

use super::{Validate, Violations};

impl<T: Validate + ?Sized> Validate for Box<T> {
    fn validate(&self) -> Result<(), Violations> {
        (**self).validate()
    }
}

impl<T: Validate + ?Sized> Validate for Arc<T> {
    fn validate(&self) -> Result<(), Violations> {
        (**self).validate()
    }
}

/// Nothing breaks no rule.
impl<T: Validate> Validate for Option<T> {
    fn validate(&self) -> Result<(), Violations> {
        self.as_ref().map_or(Ok(()), T::validate)
    }
}

/// Each item, its path by index: `[3].text`.
impl<T: Validate> Validate for Vec<T> {
    fn validate(&self) -> Result<(), Violations> {
        let mut found = Violations::new();
        for (index, item) in self.iter().enumerate() {
            // The path is made for a breach only: valid lists cost no allocation.
            if let Err(breach) = item.validate() {
                found.absorb(&format!("[{index}]"), Err(breach));
            }
        }
        found.into_result()
    }
}

/// A joined payload, each part's path by its position: `[0].text`.
macro_rules! tuples {
    ($($part:ident $index:tt),+) => {
        impl<$($part: Validate),+> Validate for ($($part,)+) {
            fn validate(&self) -> Result<(), Violations> {
                let mut found = Violations::new();
                $(found.absorb(concat!("[", stringify!($index), "]"), self.$index.validate());)+
                found.into_result()
            }
        }
    };
}

tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
