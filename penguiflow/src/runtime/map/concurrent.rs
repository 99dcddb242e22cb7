//! The map as a plain function, for use inside a node.

use futures_util::StreamExt as _;
use futures_util::stream::iter;
use std::future::Future;

/// Runs `worker` over each item, at most `at_once` at a time (0 counts as 1), and keeps the order of the items.
///
/// An item starts only when there is room for it, so nothing runs ahead of a failure: the first failure drops the items
/// that run, and those that wait never start.
///
/// ```
/// use penguiflow::map_concurrent;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let squares = map_concurrent([1, 2, 3], 2, async |n: u32| Ok::<_, String>(n * n)).await;
/// assert_eq!(squares, Ok(vec![1, 4, 9]));
/// let failed = map_concurrent([1, 0, 3], 2, async |n: u32| 6u32.checked_div(n).ok_or("divides by zero")).await;
/// assert_eq!(failed, Err("divides by zero"));
/// # }
/// ```
///
/// *Cancel safety*: dropping the future drops the items that run.
///
/// # Errors
/// The first failure of an item.
pub async fn map_concurrent<I, T, E, Fut>(
    items: impl IntoIterator<Item = I>,
    at_once: usize,
    mut worker: impl FnMut(I) -> Fut,
) -> Result<Vec<T>, E>
where
    Fut: Future<Output = Result<T, E>>,
{
    let runs = items.into_iter().enumerate().map(|(index, item)| {
        let run = worker(item);
        async move { run.await.map(|value| (index, value)) }
    });
    let mut running = iter(runs).buffer_unordered(at_once.max(1));
    let mut done = Vec::new();
    while let Some(result) = running.next().await {
        done.push(result?);
    }
    done.sort_unstable_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, value)| value).collect())
}

#[cfg(test)]
mod tests;
