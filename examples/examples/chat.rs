//! A conversation with a model. With `PENGUIFLOW_MODEL=openai/gpt-4o-mini` (or `anthropic/…`, `ollama/…`) and that provider's key it is
//! that model; without, a stand-in that quotes what it was told answers, and says that it is one: no key, no network.

use penguiflow::BoxError;
use penguiflow::llm::{ChatMessage, ChatRequest, ExtractModel, LlmClient, LlmError, open};
use std::io::Write;

const FACTS: &str = "Emperor penguins dive deeper than 500 metres. Penguins huddle to stay warm. \
    An emperor penguin weighs about 30 kilograms. Krill and small fish are what most penguins eat.";

fn client() -> Result<LlmClient, LlmError> {
    match std::env::var("PENGUIFLOW_MODEL") {
        Ok(name) => Ok(LlmClient::new(open(&name)?)),
        Err(_) => Ok(LlmClient::new(ExtractModel::default())),
    }
}

/// What was said so far. The model's own messages go back to it as they came, with what its provider wants to see again.
struct Conversation {
    client: LlmClient,
    request: ChatRequest,
}

impl Conversation {
    fn new(client: LlmClient) -> Self {
        let system = format!("Answer briefly, from these facts alone. {FACTS}");
        Conversation { client, request: ChatRequest::new([ChatMessage::system(system)]).with_max_output_tokens(200) }
    }

    async fn say(&mut self, question: &str) -> Result<String, LlmError> {
        self.request.messages.push(ChatMessage::user(question));
        let answer = self.client.chat(self.request.clone()).await?;
        let text = answer.text();
        self.request.messages.push(answer.message);
        Ok(text)
    }
}

/// Asks one question after the other, in one conversation.
async fn ask_all(client: LlmClient, questions: &[&str], out: &mut impl Write) -> Result<(), BoxError> {
    let mut conversation = Conversation::new(client);
    for question in questions {
        writeln!(out, "> {question}")?;
        writeln!(out, "{}", conversation.say(question).await?)?;
    }
    Ok(())
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let questions = ["How deep do penguins dive?", "And what do penguins eat?", "Who won the cup?"];
    ask_all(LlmClient::new(ExtractModel::default()), &questions, out).await
}

/// `chat "How heavy are they?" "And how deep do they dive?"` asks these; without questions it shows what it is.
#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let questions: Vec<String> = std::env::args().skip(1).collect();
    let questions: Vec<&str> = questions.iter().map(String::as_str).collect();
    let mut out = std::io::stdout();
    if questions.is_empty() { run(&mut out).await } else { ask_all(client()?, &questions, &mut out).await }
}
