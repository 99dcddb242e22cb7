//! What a hop does where a replay plays its node: it begins and ends by cue, and its own timers do nothing. Decides nothing.

use crate::graph::scope::Halt;
use crate::graph::watch::play::{Cue, Player, Stage};
use crate::message::Meta;
use crate::runtime::hop::stands::Does;
use crate::runtime::hop::ways::{Facts, Next, Progress};
use std::any::Any;
use std::task::Context;
use std::time::Duration;

impl<'f> Facts<'f> {
    fn player(&self) -> Option<&Player> {
        self.watch().and_then(|watch| watch.between.player.as_ref())
    }
}

impl Progress {
    /// Whether the attempt is played, once it may begin; if it may not, what is to be done until then.
    #[inline]
    pub(super) fn cue(&mut self, facts: &Facts<'_>, task: &mut Context<'_>) -> Result<bool, Next> {
        match facts.player() {
            None => Ok(false),
            Some(player) => self.cued(facts, player, task),
        }
    }

    #[cold]
    fn cued(&mut self, facts: &Facts<'_>, player: &Player, task: &mut Context<'_>) -> Result<bool, Next> {
        if facts.site.scope.halt().is_some() {
            return Ok(false);
        }
        match player.cue(&self.at(facts), task) {
            Cue::Play => {
                self.note_backed_off();
                Ok(true)
            }
            Cue::Run => Ok(false),
            Cue::Halt(stop) => {
                let halt = Halt::to_end(&stop);
                facts.site.scope.ask(halt);
                Err(self.is_over(facts, facts.site.scope.halt().unwrap_or(halt)))
            }
            Cue::Wait => {
                // Who waits between two attempts is told of where it is dropped.
                if self.attempt > 1 {
                    self.stands(facts, Does::Wait);
                }
                Err(Next::Wait)
            }
        }
    }

    /// Whether the attempt is played. One that begins with another input gets it here.
    #[inline(never)]
    pub(super) fn plays(&mut self, facts: &Facts<'_>, input: &mut dyn Any) -> bool {
        let Some(player) = facts.player() else { return false };
        let at = self.at(facts);
        player.swap(&at, input);
        let inside = Box::new((facts.site.scope.clone(), facts.site.shared.clone()));
        let stage = Stage { at, inside };
        let part = player.part(stage, facts.known.codec());
        part.map(|part| self.waits.get_or_insert_default().put_stub(part)).is_some()
    }

    /// Gives the next node what this one left in its envelope.
    #[inline(never)]
    pub(super) fn replay_meta(&self, facts: &Facts<'_>, meta: &mut Meta) {
        if let Some(left) = facts.player().and_then(|player| player.meta(&self.at(facts))) {
            *meta = left;
        }
    }

    /// How long the attempt that comes next has waited in the run that is played.
    pub(super) fn played_wait(&self, facts: &Facts<'_>) -> Option<Duration> {
        facts.player()?.wait(&self.at(facts))
    }

    /// Whether an attempt with a grace ends here, where it is played.
    pub(super) fn lets_go(&self, facts: &Facts<'_>) -> Option<bool> {
        facts.player()?.lets_go(&self.at(facts))
    }
}
