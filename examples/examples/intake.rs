//! An intake: orders are posted, their endings come back on one stream in the order of the orders. An order that is sent twice
//! runs once, and what nobody was there to see is told as a dead letter.

use penguiflow::prelude::*;
use penguiflow::{BoxError, Options, Refused, Shutdown};
use std::io::Write;

#[message]
pub(crate) struct Order {
    number: u32,
    crates: u32,
}

#[derive(Debug, thiserror::Error)]
#[error("no krill left for {0} crates")]
struct SoldOut(u32);

/// The bigger the order, the quicker it is: order comes from the outputs, not from the nodes.
#[node]
async fn pack(order: Order) -> Result<String, SoldOut> {
    penguiflow::clock::Seam::system().sleep(millis(60 / u64::from(order.crates))).await;
    if order.crates > 5 { Err(SoldOut(order.crates)) } else { Ok(format!("order {} is packed", order.number)) }
}

flow! { pub(crate) packing(Order) -> String { pack } }

fn order(number: u32, crates: u32) -> Message<Order> {
    Message::new(Order { number, crates }).with_tenant("acme").with_idempotency_key(format!("order {number}"))
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = packing::flow().with_options(Options::new().with_in_flight(8)).start()?;
    let mut letters = app.dead_letters()?;
    let mut outputs = app.outputs()?.in_order();
    let reader = tokio::spawn(async move {
        let mut read = Vec::new();
        while let Some(output) = outputs.next().await {
            read.push(match output.ending {
                Ending::Completed(text) => text,
                Ending::Failed(error) => error.kind().to_string(),
                other => format!("{other:?}"),
            });
        }
        read
    });

    for (number, crates) in [(1, 1), (2, 6), (3, 3), (1, 1)] {
        match app.post(order(number, crates)).await {
            Ok(_) => {}
            Err(Refused::Duplicate { message, .. }) => {
                writeln!(out, "order {} came twice", message.payload().number)?;
            }
            Err(refused) => return Err(refused.into()),
        }
    }
    app.emit(order(4, 9)).await?.detach();

    let drained = app.shutdown(Shutdown::Drain { grace: secs(30) }).await;
    for line in reader.await? {
        writeln!(out, "{line}")?;
    }
    while let Some(letter) = letters.next().await {
        let error = letter.error().map(|error| error.kind().to_string()).unwrap_or_default();
        writeln!(out, "nobody saw: {} of {}: {error}", letter.code(), letter.headers.tenant().unwrap_or("nobody"))?;
    }
    writeln!(out, "cancelled: {}, unread: {}", drained.cancelled, drained.unread)?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
