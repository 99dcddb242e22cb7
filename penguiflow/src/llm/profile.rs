//! What a model can do and what it costs, as far as that is known. Must not know where it stands.

use crate::llm::chat::usage::Usage;
use crate::money::Money;
use serde::Deserialize;

/// What a model can do, and what it costs. The [`Catalog`](crate::llm::Catalog) has those of many models.
///
/// What is not known is taken as a model of today would have it: tools, JSON, streams; no native schemas, no pictures, no price.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Profile {
    /// How it is best brought to write a value of a type.
    pub mode: OutputMode,
    /// Whether the provider holds it to a JSON schema.
    pub native_schema: bool,
    /// Whether the provider holds it to JSON of any kind.
    pub json: bool,
    /// Whether it can ask for tools.
    pub tools: bool,
    /// Whether it can be made to ask for a certain tool.
    pub forced_tool: bool,
    /// Whether it can answer step by step.
    pub streaming: bool,
    /// Whether it looks at pictures.
    pub images: bool,
    /// Whether it listens.
    pub audio: bool,
    /// Whether it takes a temperature, and the other settings of how it draws.
    pub temperature: bool,
    /// Whether it takes system messages.
    pub system: bool,
    /// How it is told how long to think.
    pub reasoning: ReasoningStyle,
    /// Whether its thoughts stand in `<think>` tags in the text.
    pub think_tags: bool,
    /// The dialect of JSON schema that its provider understands.
    pub dialect: Dialect,
    /// How the limit of the answer is called.
    pub limit_field: LimitField,
    /// How many tools it takes at most.
    pub tools_max: Option<u32>,
    /// How many fields a schema may have at most.
    pub schema_keys_max: Option<u32>,
    /// How many tokens it can read and write together.
    pub context_tokens: Option<u64>,
    /// How many tokens it can write at most.
    pub output_tokens: Option<u64>,
    /// How many tokens a picture has at most.
    pub image_tokens: Option<u64>,
    /// What it costs.
    pub price: Option<Price>,
}

impl Default for Profile {
    fn default() -> Self {
        Profile {
            mode: OutputMode::Tool,
            native_schema: false,
            json: true,
            tools: true,
            forced_tool: true,
            streaming: true,
            images: false,
            audio: false,
            temperature: true,
            system: true,
            reasoning: ReasoningStyle::None,
            think_tags: false,
            dialect: Dialect::Plain,
            limit_field: LimitField::MaxTokens,
            tools_max: None,
            schema_keys_max: None,
            context_tokens: None,
            output_tokens: None,
            image_tokens: None,
            price: None,
        }
    }
}

/// How a model is brought to write a value of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OutputMode {
    /// The provider holds it to the schema.
    Native,
    /// It has to ask for a tool whose arguments are the value.
    Tool,
    /// It is asked to, with the schema in the prompt.
    Prompted,
}

/// How a model is told how long to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReasoningStyle {
    /// It does not think, or cannot be told.
    None,
    /// By a word, `reasoning_effort` and its like.
    Effort,
    /// By a number of tokens.
    Budget,
    /// By a word, and it decides how many tokens that is: `adaptive`.
    Adaptive,
    /// By a switch in its chat template.
    Template,
}

/// A dialect of JSON schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Dialect {
    /// JSON schema as it stands.
    Plain,
    /// OpenAI's strict subset.
    OpenAi,
    /// Anthropic's tools.
    Anthropic,
    /// Google's.
    Google,
    /// Bedrock's.
    Bedrock,
    /// Databricks'.
    Databricks,
}

/// How the limit of an answer is called in OpenAI's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LimitField {
    /// `max_tokens`.
    MaxTokens,
    /// `max_completion_tokens`.
    MaxCompletionTokens,
}

/// What a model costs, for each token.
///
/// ```
/// use penguiflow::Money;
/// use penguiflow::llm::{Price, Usage};
///
/// // $0.15 and $0.60 for a million tokens.
/// let price = Price::per_million("0.15".parse()?, "0.60".parse()?);
/// assert_eq!(price.of(Usage::new(1_000, 100)).total().to_string(), "$0.00021");
/// # Ok::<_, penguiflow::MoneyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Price {
    /// For a token that is read, in dollars for a million.
    #[serde(deserialize_with = "of_a_million")]
    pub input: Money,
    /// For a token that is written.
    #[serde(deserialize_with = "of_a_million")]
    pub output: Money,
    /// For a token that is read from the cache; as others where nothing is said.
    #[serde(default, deserialize_with = "of_a_million_or_none")]
    pub cached: Option<Money>,
    /// For a token that is put into the cache; as others where nothing is said.
    #[serde(default, deserialize_with = "of_a_million_or_none")]
    pub cache_written: Option<Money>,
    /// For a token that is put into the cache for an hour; as `cache_written` where nothing is said.
    #[serde(default, deserialize_with = "of_a_million_or_none")]
    pub cache_written_hour: Option<Money>,
    /// Other prices for requests that read many tokens.
    #[serde(default)]
    pub above: Option<Box<Above>>,
}

/// Prices of requests that read more than so many tokens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Above {
    /// More than so many tokens read.
    pub tokens: u64,
    /// What all tokens of such a request cost.
    pub price: Price,
}

/// What a call cost, and what for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bill {
    /// What was read, and came from no cache and went into none.
    pub input: Money,
    /// What was written.
    pub output: Money,
    /// What came from the cache.
    pub cached: Money,
    /// What was put into the cache.
    pub cache_written: Money,
}

impl Bill {
    /// All together.
    #[must_use]
    pub fn total(self) -> Money {
        self.input + self.output + self.cached + self.cache_written
    }
}

/// Each of the four by itself; saturates as [`Money`] does.
impl std::ops::Add for Bill {
    type Output = Bill;

    fn add(self, other: Bill) -> Bill {
        Bill {
            input: self.input + other.input,
            output: self.output + other.output,
            cached: self.cached + other.cached,
            cache_written: self.cache_written + other.cache_written,
        }
    }
}

impl Price {
    /// So much for a million tokens that are read, and so much for a million that are written. What is less than a pico-dollar a token is
    /// rounded up.
    #[must_use]
    pub fn per_million(input: Money, output: Money) -> Self {
        let (input, output) = (a_millionth(input), a_millionth(output));
        Price { input, output, cached: None, cache_written: None, cache_written_hour: None, above: None }
    }

    /// With another price for a million tokens from the cache.
    #[must_use]
    pub fn with_cached(self, cached: Money) -> Self {
        Price { cached: Some(a_millionth(cached)), ..self }
    }

    /// With another price for a million tokens that are put into the cache.
    #[must_use]
    pub fn with_cache_written(self, written: Money) -> Self {
        Price { cache_written: Some(a_millionth(written)), ..self }
    }

    /// With another price for a million tokens that are put into the cache for an hour.
    #[must_use]
    pub fn with_cache_written_hour(self, written: Money) -> Self {
        Price { cache_written_hour: Some(a_millionth(written)), ..self }
    }

    /// What this usage costs, exactly.
    #[must_use]
    pub fn of(&self, usage: Usage) -> Bill {
        if let Some(above) = &self.above
            && usage.input > above.tokens
        {
            return above.price.of(usage);
        }
        let cached = usage.cached.min(usage.input);
        let written = usage.cache_written.min(usage.input - cached);
        let hour = usage.cache_written_hour.min(written);
        let short = self.cache_written.unwrap_or(self.input);
        Bill {
            input: self.input.times(usage.input - cached - written),
            output: self.output.times(usage.output),
            cached: self.cached.unwrap_or(self.input).times(cached),
            cache_written: short.times(written - hour) + self.cache_written_hour.unwrap_or(short).times(hour),
        }
    }

    /// The same for requests that keep nothing for an hour.
    pub(crate) fn without_hour(&self) -> Self {
        let above = self
            .above
            .as_ref()
            .map(|above| Box::new(Above { tokens: above.tokens, price: above.price.without_hour() }));
        Price { cache_written_hour: None, above, ..self.clone() }
    }

    /// The most that a call can cost that reads and writes at most so many tokens, wherever they come from.
    #[must_use]
    pub fn worst(&self, input: u64, output: u64) -> Money {
        let others = [self.cached, self.cache_written, self.cache_written_hour];
        let dearest = others.into_iter().flatten().fold(self.input, Money::max);
        let here = dearest.times(input) + self.output.times(output);
        match &self.above {
            Some(above) if input > above.tokens => here.max(above.price.worst(input, output)),
            _ => here,
        }
    }
}

fn a_millionth(of: Money) -> Money {
    Money::from_picos(of.picos().div_ceil(1_000_000))
}

fn of_a_million<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
    Money::deserialize(deserializer).map(a_millionth)
}

fn of_a_million_or_none<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Money>, D::Error> {
    Option::<Money>::deserialize(deserializer).map(|money| money.map(a_millionth))
}

#[cfg(test)]
mod tests;
