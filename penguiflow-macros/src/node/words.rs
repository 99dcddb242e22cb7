//! The names that no node may have. A node is a type beside its function, so its name shadows types of that name.

/// Types that every module knows without a `use`.
pub(super) const PRIMITIVES: &[&str] = &[
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
    "f16", "f32", "f64", "f128",
];

/// Words that mean something else inside `flow!`.
pub(super) const OF_FLOW: &[&str] = &[
    "join", "join_k", "map", "repeat", "drop", "done", "parallel", "first", "settle", "tee", "queue", "batch", "gate",
    "channels", "budget", "with", "limit",
];
