//! A routing policy: who routes is a router, but operations may overrule it, by tenant, from a file, while the flow runs.

use penguiflow::prelude::*;
use penguiflow::{BoxError, MapPolicy, Reroute, Routes};
use std::io::Write;

#[message]
pub(crate) struct Ticket {
    text: String,
}

/// Both arms take the ticket, so a policy may take the other one.
#[message]
enum Team {
    Marketing,
    Support,
}

#[router]
fn team(ticket: &Ticket) -> Team {
    if ticket.text.contains("campaign") { Team::Marketing } else { Team::Support }
}

#[node]
async fn marketing(ticket: Ticket, ctx: &Ctx) -> String {
    format!("marketing handled {} of {}", ticket.text, ctx.headers().tenant().unwrap_or("nobody"))
}

#[node]
async fn support(ticket: Ticket, ctx: &Ctx) -> String {
    format!("support handled {} of {}", ticket.text, ctx.headers().tenant().unwrap_or("nobody"))
}

flow! {
    pub(crate) handle(Ticket) -> String { team with MapPolicy { Marketing -> marketing, Support -> support } }
}

/// In a program of its own this stands in a file, read by `Routes::from_file`, or in the environment.
pub(crate) const ROUTES: &str = r#"{ "key": "tenant", "routes": { "vip": "Marketing", "spammer": "drop" } }"#;

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let policy = MapPolicy::new(Routes::from_json_str(ROUTES)?);
    let app = handle::flow().with_routing(policy.clone()).start()?;
    let ask = async |tenant: &str, text: &str| -> String {
        match app.call(Message::new(Ticket { text: text.to_owned() }).with_tenant(tenant)).await {
            Ok(handled) => handled,
            Err(stop) => format!("{tenant}: {stop}"),
        }
    };
    writeln!(out, "{}", ask("acme", "a campaign").await)?;
    writeln!(out, "{}", ask("acme", "a crash").await)?;
    writeln!(out, "{}", ask("vip", "a crash").await)?;
    writeln!(out, "{}", ask("spammer", "a campaign").await)?;

    // The next message is routed by it already.
    policy.replace(policy.routes().with_route("vip", "Support").with_route("spammer", Reroute::Keep))?;
    writeln!(out, "{}", ask("vip", "a campaign").await)?;
    writeln!(out, "{}", ask("spammer", "a campaign").await)?;

    if let Err(error) = policy.replace(Routes::by_tenant().with_route("vip", "Suport")) {
        writeln!(out, "refused: {error}")?;
    }
    if let Err(error) = Routes::from_json_str("{ \"key\": \"tenant\",\n  \"rules\": {} }") {
        writeln!(out, "refused: {error}")?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
