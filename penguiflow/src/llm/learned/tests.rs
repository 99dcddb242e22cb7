//! Holds what rejections teach. Knows no provider's format.

use super::{Learned, Lesson, MODELS_MAX};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::profile::{OutputMode, Profile};

fn rejected(field: Option<&str>, message: &str) -> Option<Lesson> {
    Lesson::of(&LlmError::new(LlmErrorKind::InvalidRequest { field: field.map(str::to_owned) }, message))
}

#[test]
fn a_refused_temperature_is_told_from_a_wrong_one() {
    for told in [
        "Unsupported parameter: 'temperature' is not supported with this model.",
        "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
        "`temperature` is deprecated for this model.",
        "top_p: this model does not support sampling parameters",
        "This model does not support temperature.",
    ] {
        assert_eq!(rejected(None, told), Some(Lesson::NoTemperature), "{told}");
    }
    assert_eq!(rejected(Some("temperature"), "not supported"), Some(Lesson::NoTemperature));
    for told in [
        "temperature: must be at most 2",
        "Invalid type for 'temperature': expected a decimal, but got a string instead.",
        "messages: text content blocks must be non-empty",
        "the tool `temperature` has no description",
    ] {
        assert_eq!(rejected(Some("temperature"), told), None, "{told}");
    }
}

#[test]
fn a_wrong_schema_is_no_lesson_and_a_refused_one_is() {
    assert_eq!(rejected(None, "Invalid schema for response_format 'answer': 'required' is missing"), None);
    assert_eq!(
        rejected(None, "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."),
        Some(Lesson::NoNativeSchema)
    );
    assert_eq!(
        rejected(None, "tool_choice: forced tool use is not supported by this model"),
        Some(Lesson::NoForcedTool)
    );
}

#[test]
fn json_without_a_schema_is_refused_apart_from_one_with_it() {
    for told in [
        "Invalid parameter: 'response_format' of type 'json_object' is not supported with this model.",
        "'response_format.type' must be 'json_schema' or 'text'",
        "Unsupported response_format type: 'json_object'",
    ] {
        assert_eq!(rejected(None, told), Some(Lesson::NoJson), "{told}");
    }
    let words = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.";
    assert_eq!(rejected(Some("messages"), words), None);
    let mut learned = Learned::default();
    learned.note("a", "b", Lesson::NoJson);
    let native = Profile { mode: OutputMode::Native, native_schema: true, ..Profile::default() };
    let after = learned.of("a", "b", &native);
    assert_eq!((after.json, after.native_schema, after.mode), (false, true, OutputMode::Native));
}

#[test]
fn what_fails_for_another_reason_teaches_nothing() {
    let told = "temperature is not supported";
    for kind in [LlmErrorKind::Auth, LlmErrorKind::RateLimited { retry_after: None }, LlmErrorKind::Transport] {
        assert_eq!(Lesson::of(&LlmError::new(kind, told)), None);
    }
}

#[test]
fn the_way_of_writing_values_goes_with_what_is_refused() {
    let native = Profile { mode: OutputMode::Native, native_schema: true, ..Profile::default() };
    let mut learned = Learned::default();
    learned.note("a", "b", Lesson::NoNativeSchema);
    assert_eq!(learned.of("a", "b", &native).mode, OutputMode::Tool);
    learned.note("a", "b", Lesson::NoForcedTool);
    assert_eq!(learned.of("a", "b", &native).mode, OutputMode::Prompted);
    let mut learned = Learned::default();
    learned.note("a", "b", Lesson::NoForcedTool);
    assert_eq!(learned.of("a", "b", &native).mode, OutputMode::Native);
    assert_eq!(learned.of("a", "b", &Profile::default()).mode, OutputMode::Prompted);
}

#[test]
fn no_more_models_are_remembered_than_the_limit() {
    let mut learned = Learned::default();
    for number in 0..MODELS_MAX {
        assert!(learned.note("a", &number.to_string(), Lesson::NoTemperature));
    }
    assert!(!learned.note("a", "one more", Lesson::NoTemperature));
    assert!(learned.note("a", "1", Lesson::NoForcedTool), "of a known one more may be learned");
}
