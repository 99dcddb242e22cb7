//! Recordings of traces, and replays of them.

mod forks;
mod refused;
mod same;

use penguiflow::Recording;

/// What was recorded, as it is read from its written form.
fn read_again(recording: &Recording) -> Recording {
    let written = serde_json::to_string(recording).expect("can be written");
    let read: Recording = serde_json::from_str(&written).expect("can be read");
    assert_eq!(&read, recording);
    read
}

/// Runs `$drive` on `$flow` as `$app`, over a state of its own and on virtual time, and gives the one recording that comes of it.
macro_rules! recorded {
    ($flow:ident, |$app:ident| $drive:expr) => {{
        let recorder = penguiflow::Recorder::new();
        penguiflow::testkit::block_on(7, async |seam| {
            let options = penguiflow::Options::new().with_seam(seam);
            let flow = $flow::flow().with_state(crate::kit::App::new().0).with_options(options);
            let $app = flow.record(&recorder).start().expect("starts");
            $drive;
        });
        let mut all = recorder.take_all();
        assert_eq!((all.len(), recorder.lost()), (1, 0));
        crate::replays::read_again(&all.remove(0))
    }};
}

/// Plays `$recording` of `$flow` again, which calls no node and records the same. Gives the record of the replay.
macro_rules! replayed {
    ($flow:ident, $recording:expr) => {{
        let (recorder, (state, tally)) = (penguiflow::Recorder::new(), crate::kit::App::new());
        let flow = $flow::flow().with_state(state).record(&recorder);
        let record = penguiflow::testkit::Replay::of($recording).run_paused(flow).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(tally.calls(), 0, "a node was called");
        record.assert_balanced();
        let again = recorder.take_all().remove(0);
        assert_eq!(again.to_string(), $recording.to_string());
        assert_eq!(&again, $recording);
        record
    }};
}

pub(crate) use {recorded, replayed};
