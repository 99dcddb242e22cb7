//! Long answers as providers write them, one token a chunk. Knows nobody who reads them.

/// What one chunk says: about what a token is.
pub const WORDS: [&str; 4] = [" penguin", " eats", " krill", ",\\n"];

/// A provider's format.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Format {
    OpenAi,
    Anthropic,
    Gemini,
}

/// The wire of an answer.
pub struct Wire {
    /// The body, from its first to its last byte.
    pub body: String,
    /// How many chunks bear words.
    pub chunks: usize,
    /// How many bytes of text or arguments are in them.
    pub said: usize,
}

/// An answer of words, whose body has about so many bytes.
pub fn text(format: Format, bytes: usize) -> Wire {
    let mut wire = Wire { body: text_head(format).to_owned(), chunks: 0, said: 0 };
    while wire.body.len() < bytes {
        let word = WORDS[wire.chunks % WORDS.len()];
        wire.body.push_str(&text_chunk(format, word));
        wire.chunks += 1;
        // The break is written with an escape.
        wire.said += word.len() - usize::from(word.contains('\\'));
    }
    wire.body.push_str(text_tail(format));
    wire
}

/// The call of a tool with these arguments, a piece of some letters in each chunk; Gemini's comes in one.
pub fn call(format: Format, tool: &str, arguments: &str, letters: usize) -> Wire {
    let mut wire = Wire { body: call_head(format, tool), chunks: 0, said: arguments.len() };
    let all: Vec<char> = arguments.chars().collect();
    let piece = if format == Format::Gemini { all.len() } else { letters };
    for piece in all.chunks(piece.max(1)) {
        wire.body.push_str(&call_chunk(format, tool, &piece.iter().collect::<String>()));
        wire.chunks += 1;
    }
    wire.body.push_str(call_tail(format));
    wire
}

/// JSON of about so many bytes: a list of records, as a model would write it.
pub fn records(bytes: usize) -> String {
    let mut json = String::from("{\"catches\": [");
    let mut number = 0;
    while json.len() < bytes {
        let comma = if number == 0 { "" } else { ", " };
        let name = ["krill", "squid", "silverfish", "lanternfish"][number % 4];
        json.push_str(&format!(
            "{comma}{{\"species\": \"{name}\", \"tons\": {number}, \"fresh\": {}, \"place\": \"off the ice shelf\"}}",
            number % 2 == 0
        ));
        number += 1;
    }
    json.push_str("]}");
    json
}

// === OpenAI: <https://platform.openai.com/docs/api-reference/chat-streaming>, Anthropic:
// <https://platform.claude.com/docs/en/build-with-claude/streaming>, Gemini: <https://ai.google.dev/api/generate-content> ===

fn open_ai(delta: &str, finish: &str) -> String {
    format!(
        "data: {{\"id\":\"chatcmpl-Bx31PenguinsEatKrill4242\",\"object\":\"chat.completion.chunk\",\"created\":1764190000,\
         \"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_efad92c60b\",\
         \"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{finish}}}],\"usage\":null}}\n\n"
    )
}

fn gemini(part: &str, finish: &str) -> String {
    format!(
        "data: {{\"candidates\": [{{\"content\": {{\"parts\": [{part}],\"role\": \"model\"}},{finish}\"index\": 0}}],\
         \"usageMetadata\": {{\"promptTokenCount\": 12,\"candidatesTokenCount\": 9,\"totalTokenCount\": 21,\
         \"promptTokensDetails\": [{{\"modality\": \"TEXT\",\"tokenCount\": 12}}]}},\
         \"modelVersion\": \"gemini-2.5-flash\",\"responseId\": \"kTCwacPenguins42\"}}\r\n\r\n"
    )
}

const ANTHROPIC_HEAD: &str = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_01\",\"type\":\"message\",\
    \"role\":\"assistant\",\"model\":\"claude-sonnet-4-5-20250929\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\
    \"usage\":{\"input_tokens\":12,\"output_tokens\":1}}}\n\n";
const ANTHROPIC_TEXT: &str = "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":\
    {\"type\":\"text\",\"text\":\"\"}}\n\n";

fn anthropic(delta: &str) -> String {
    format!("event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{delta}}}\n\n")
}

fn text_head(format: Format) -> String {
    match format {
        Format::OpenAi => open_ai("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"),
        Format::Anthropic => [ANTHROPIC_HEAD, ANTHROPIC_TEXT].concat(),
        Format::Gemini => String::new(),
    }
}

fn text_chunk(format: Format, word: &str) -> String {
    match format {
        Format::OpenAi => open_ai(&format!("{{\"content\":\"{word}\"}}"), "null"),
        Format::Anthropic => anthropic(&format!("{{\"type\":\"text_delta\",\"text\":\"{word}\"}}")),
        Format::Gemini => gemini(&format!("{{\"text\": \"{word}\"}}"), ""),
    }
}

fn text_tail(format: Format) -> &'static str {
    match format {
        Format::OpenAi => {
            "data: {\"id\":\"chatcmpl-Bx31PenguinsEatKrill4242\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\
             \"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":\
             {\"prompt_tokens\":12,\"completion_tokens\":9,\"total_tokens\":21}}\n\ndata: [DONE]\n\n"
        }
        Format::Anthropic => {
            "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\nevent: message_delta\ndata: \
             {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":\
             {\"output_tokens\":9}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
        }
        Format::Gemini => {
            "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"\"}],\"role\": \"model\"},\"finishReason\": \"STOP\",\
             \"index\": 0}],\"usageMetadata\": {\"promptTokenCount\": 12,\"candidatesTokenCount\": 9}}\r\n\r\n"
        }
    }
}

fn call_head(format: Format, tool: &str) -> String {
    match format {
        Format::OpenAi => open_ai(
            &format!(
                "{{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\
                 \"function\":{{\"name\":\"{tool}\",\"arguments\":\"\"}}}}],\"refusal\":null}}"
            ),
            "null",
        ),
        Format::Anthropic => format!(
            "{ANTHROPIC_HEAD}event: content_block_start\ndata: {{\"type\":\"content_block_start\",\"index\":0,\"content_block\":\
             {{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"{tool}\",\"input\":{{}}}}}}\n\n"
        ),
        Format::Gemini => String::new(),
    }
}

fn call_chunk(format: Format, tool: &str, json: &str) -> String {
    let text = serde_json::Value::from(json);
    match format {
        Format::OpenAi => {
            open_ai(&format!("{{\"tool_calls\":[{{\"index\":0,\"function\":{{\"arguments\":{text}}}}}]}}"), "null")
        }
        Format::Anthropic => anthropic(&format!("{{\"type\":\"input_json_delta\",\"partial_json\":{text}}}")),
        Format::Gemini => gemini(&format!("{{\"functionCall\": {{\"name\": \"{tool}\",\"args\": {json}}}}}"), ""),
    }
}

fn call_tail(format: Format) -> &'static str {
    match format {
        Format::OpenAi | Format::Gemini => text_tail(format),
        Format::Anthropic => {
            "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\nevent: message_delta\ndata: \
             {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},\"usage\":\
             {\"output_tokens\":9}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
        }
    }
}

/// An answer of OpenAI's in one piece.
pub fn whole(text: &str) -> String {
    serde_json::json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_764_190_000,
        "model": "gpt-4o-mini-2024-07-18",
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": text, "refusal": null, "annotations": [] },
            "logprobs": null,
            "finish_reason": "stop",
        }],
        "usage": { "prompt_tokens": 12, "completion_tokens": 9, "total_tokens": 21 },
    })
    .to_string()
}
