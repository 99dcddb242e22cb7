//! Counts allocations, only while asked to: a counter that always runs costs some nanoseconds at each allocation, which is
//! what the other figures measure. That is why no counting crate is used.
#![allow(unsafe_code, reason = "`GlobalAlloc` is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed};

struct Counting;

#[global_allocator]
static HEAP: Counting = Counting;

static ON: AtomicBool = AtomicBool::new(false);
static ALLOCATIONS: AtomicI64 = AtomicI64::new(0);
static BYTES: AtomicI64 = AtomicI64::new(0);
static PEAK: AtomicI64 = AtomicI64::new(0);

/// What some work did to the heap.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    /// How often memory was asked for; growing a block counts.
    pub allocations: f64,
    /// Bytes that are still held.
    pub live: f64,
    /// The most bytes that were held at once.
    pub peak: f64,
}

impl Used {
    /// The share of one of `times` runs.
    pub fn per(self, times: usize) -> Used {
        let share = |value: f64| value / times as f64;
        Used { allocations: share(self.allocations), live: share(self.live), peak: share(self.peak) }
    }
}

/// What `work` does to the heap, on all threads. Must not be nested.
pub fn used<T>(work: impl FnOnce() -> T) -> (T, Used) {
    ALLOCATIONS.store(0, Relaxed);
    BYTES.store(0, Relaxed);
    PEAK.store(0, Relaxed);
    ON.store(true, Relaxed);
    let out = work();
    ON.store(false, Relaxed);
    let read = |counter: &AtomicI64| counter.load(Relaxed) as f64;
    (out, Used { allocations: read(&ALLOCATIONS), live: read(&BYTES), peak: read(&PEAK) })
}

fn note(allocations: i64, bytes: i64) {
    if ON.load(Relaxed) {
        ALLOCATIONS.fetch_add(allocations, Relaxed);
        let held = BYTES.fetch_add(bytes, Relaxed) + bytes;
        PEAK.fetch_max(held, Relaxed);
    }
}

// SAFETY: every call goes to `System` as it came, which keeps the contract; counting touches no memory but some atomics
// and neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(1, layout.size() as i64);
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(1, layout.size() as i64);
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(1, size as i64 - layout.size() as i64);
        // SAFETY: the caller's promises are those that `System` asks for; `block` came from `System`.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        note(0, -(layout.size() as i64));
        // SAFETY: the caller's promises are those that `System` asks for; `block` came from `System`.
        unsafe { System.dealloc(block, layout) }
    }
}
