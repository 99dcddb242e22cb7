//! Keeps a flow open until it is told to stop. Knows no signal.

use crate::graph::node::FlowDef;
use crate::runtime::handle::Handle;
use crate::runtime::handle::shutdown::{Drained, Shutdown};
use futures_util::future::{Either, select};
use futures_util::{Stream, StreamExt};
use std::pin::pin;
use std::time::Duration;

impl<F: FlowDef> Handle<F> {
    /// Waits for the first item of `stops`, then drains with `grace`; a second item aborts what is still inside.
    ///
    /// Where `stops` ends without an item, nobody is left who could stop the flow: that counts as the first one.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    ///
    /// #[node]
    /// async fn serve_one(n: u32) -> u32 { n }
    /// flow! { serving(u32) -> u32 { serve_one } }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = serving::flow().start()?;
    /// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    /// let stops = futures_util::stream::once(async { drop(stopped.await) });
    /// let trace = app.emit(7).await?;
    /// stop.send(()).ok();
    /// let drained = app.run_until(stops, secs(30)).await;
    /// assert_eq!((drained.inside, drained.cancelled), (1, 0));
    /// # drop(trace);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `run_until_signal`, with the feature `signal`, is the same with the signals of the process.
    ///
    /// *Cancel safety*: dropped before the first item, it leaves the flow as it is; later, closed.
    pub async fn run_until(&self, stops: impl Stream<Item = ()> + Send, grace: Duration) -> Drained {
        let mut stops = pin!(stops.fuse());
        // What the end of the stream means stands in the docs.
        let _first = stops.next().await;
        let inside = self.in_flight();
        let (drain, second) = (self.shutdown(Shutdown::Drain { grace }), async {
            if stops.next().await.is_none() {
                std::future::pending::<()>().await;
            }
        });
        match select(pin!(drain), pin!(second)).await {
            Either::Left((drained, _)) => return drained,
            Either::Right(_) => {}
        }
        Drained { inside, ..self.shutdown(Shutdown::Abort).await }
    }
}
