//! Holds that the files that come with the crate are right, and what is said of a file that is not.

use super::embedded::FILES;
use super::{Catalog, CatalogError, file};
use crate::llm::profile::{OutputMode, Price, Profile};
use crate::money::Money;
use std::collections::{BTreeMap, BTreeSet};

fn wrong(text: &str) -> String {
    Catalog::embedded().with_toml(text).expect_err("it is wrong").to_string()
}

#[test]
fn each_file_parses_and_each_provider_is_in_one() {
    let mut seen = BTreeSet::new();
    for (name, text) in FILES {
        let mut providers = BTreeMap::new();
        file::take(&mut providers, text, Some(name)).unwrap();
        for provider in providers.keys() {
            assert!(seen.insert(provider.clone()), "{provider} is in two files");
        }
    }
    let wanted = [
        "anthropic",
        "azure",
        "bedrock",
        "databricks",
        "deepseek",
        "google",
        "groq",
        "mistral",
        "nim",
        "ollama",
        "openai",
        "openrouter",
        "vllm",
        "xai",
    ];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn each_file_of_the_folder_comes_with_the_crate() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/models");
    let mut there: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    there.sort_unstable();
    assert_eq!(there, FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

#[test]
fn each_row_has_a_page_and_its_day() {
    let catalog = Catalog::embedded();
    let mut rows = 0;
    for provider in catalog.providers() {
        for model in catalog.models(provider) {
            let known = catalog.profile(provider, model);
            let (source, date) = (known.source.unwrap_or_default(), known.date.unwrap_or_default());
            assert!(source.starts_with("https://"), "{provider}/{model}: {source}");
            assert!(("2026-01-01".."2026-12-01").contains(&date.as_str()), "{provider}/{model}: {date}");
            rows += 1;
        }
    }
    assert!(rows > 120, "{rows} rows");
}

#[test]
fn each_row_is_found_by_its_own_name_and_by_a_state_of_it() {
    let catalog = Catalog::embedded();
    for provider in catalog.providers() {
        for model in catalog.models(provider) {
            for name in [model.to_owned(), format!("{model}-2026-11-27")] {
                let known = catalog.profile(provider, &name);
                assert_eq!(known.row, Some(format!("{provider}/{model}")), "{name}");
            }
        }
    }
}

fn check(name: &str, price: &Price) {
    assert!(price.output >= price.input, "{name}: what is written costs less than what is read");
    assert!(price.cached.is_none_or(|cached| cached < price.input), "{name}: the cache is dearer");
    assert!(price.cache_written.is_none_or(|written| written >= price.input), "{name}: the cache is filled for less");
    assert!((price.input == Money::ZERO) == (price.output == Money::ZERO), "{name}: half of it is free");
    assert!(price.output <= Money::from_micros(600), "{name}: more than 600 dollars for a million");
    if let Some(above) = &price.above {
        assert!(above.price.input > price.input && above.price.output > price.output, "{name}: cheaper above");
        assert!(above.tokens >= 100_000, "{name}: above {} tokens", above.tokens);
        assert!(
            price.cached.is_none() || above.price.cached > price.cached || name.contains("grok-4"),
            "{name}: cached above"
        );
        assert!(above.price.above.is_none(), "{name}");
        check(name, &above.price);
    }
}

fn possible(profile: &Profile) -> bool {
    match profile.mode {
        OutputMode::Native => profile.native_schema,
        OutputMode::Tool => profile.tools && profile.forced_tool,
        OutputMode::Prompted => true,
    }
}

#[test]
fn what_is_sold_by_others_can_write_values_as_is_said() {
    let catalog = Catalog::embedded();
    let mut seen = 0;
    for (vendor, route) in [("anthropic", "anthropic/"), ("google", "google/"), ("openai", "openai/"), ("xai", "x-ai/")]
    {
        for model in catalog.models(vendor) {
            for (provider, name) in
                [("openrouter", format!("{route}{model}")), ("databricks", format!("databricks-{model}"))]
            {
                let known = catalog.profile(provider, &name);
                assert!(possible(&known.profile), "{provider} {name}: {:?}", known.profile.mode);
                let maker = catalog.profile(vendor, model);
                assert!(
                    provider == "databricks" || known.profile.price == maker.profile.price,
                    "{name}: another price"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn prices_and_limits_are_plausible() {
    let catalog = Catalog::embedded();
    let mut priced = 0;
    for provider in catalog.providers() {
        for model in catalog.models(provider) {
            let (name, known) = (format!("{provider}/{model}"), catalog.profile(provider, model));
            let profile = &known.profile;
            if let Some(price) = &profile.price {
                check(&name, price);
                assert_eq!(price.input == Money::ZERO, matches!(provider, "ollama" | "vllm"), "{name}");
                priced += 1;
            }
            assert!(profile.output_tokens <= profile.context_tokens || profile.context_tokens.is_none(), "{name}");
            assert!(possible(profile), "{name}: cannot write values as its row says: {:?}", profile.mode);
            assert!(profile.tools || !profile.forced_tool, "{name}: no tools, and one that is forced");
            assert!(profile.image_tokens.is_none() || profile.images, "{name}: pictures that it does not see");
        }
    }
    assert!(priced > 100, "{priced} prices");
}

#[test]
fn a_file_that_is_wrong_says_where_and_what_is_allowed() {
    let told = wrong("[openai.models.\"gpt-4o\"]\nimages = true\ncontex_tokens = 3\n");
    assert!(
        told.starts_with("models, line 3: unknown field `contex_tokens`, expected one of `source`, `date`, `mode`"),
        "{told}"
    );
    assert!(told.ends_with("; did you mean `context_tokens`?"), "{told}");
    let told = wrong("[openai.models.\"gpt-4o\"]\n\nmode = \"nativ\"\n");
    assert!(told.contains("line 3: unknown variant `nativ`, expected one of `native`, `tool`, `prompted`"), "{told}");
    assert!(told.ends_with("; did you mean `native`?"), "{told}");
    let told = wrong("[openai.defaults.price]\ninput = \"1,50\"\noutput = \"2\"\n");
    assert!(told.contains("line 2: no amount of dollars: write digits and at most one point"), "{told}");
    let told = wrong("[openai.defaults.price]\ninput = 1.5\noutput = \"2\"\n");
    assert!(told.contains("line 2: invalid type: floating point `1.5`, expected a string"), "{told}");
    let told = wrong("[openai.models.\"gpt-4o\"]\n[openai.models.\"gpt-4o\"]\n");
    assert!(told.contains("line 2: duplicate key"), "{told}");
    let told = wrong("[openai]\nmodls = {}\n");
    assert!(told.contains("line 2: unknown field `modls`") && told.ends_with("did you mean `models`?"), "{told}");
    let told = wrong("[ours.vendors]\n\"a\" = \"b\"\n");
    assert_eq!(told, "models: `ours.vendors` says `b`: write `provider/` and how the name begins there");
    assert!(wrong("[openai.models.\"\"]\n").contains("has a row without a name"));
    assert!(wrong("[openai.defaults.price]\ninput = \"1\"\n").contains("missing field `output`"));
    assert!(wrong("nonsense").contains("line 1"));
}

#[test]
fn the_key_that_is_wrong_is_told_apart_from_the_words_about_it() {
    let error = Catalog::default().with_toml("[a.models.b]\n\n\nimags = true\n").expect_err("it is wrong");
    let CatalogError::Wrong { file: None, line: Some(4), key: Some(key), .. } = error else { panic!("{error:?}") };
    assert_eq!(key, "imags");
}

#[test]
fn nothing_is_taken_over_from_a_file_that_is_wrong() {
    let mut providers = BTreeMap::new();
    let text = "[a.models.b]\nimages = true\n[c.vendors]\nd = \"e\"\n";
    assert!(file::take(&mut providers, text, None).is_err());
    assert!(providers.is_empty());
}

#[test]
fn a_later_file_says_what_differs() {
    let text =
        "[openai.models.\"gpt-4o\"]\nprice = { input = \"1\", output = \"2\" }\n[openai.defaults]\naudio = true\n";
    let before = Catalog::embedded();
    let after = before.clone().with_toml(text).unwrap();
    let (old, new) = (before.profile("openai", "gpt-4o"), after.profile("openai", "gpt-4o"));
    assert_eq!(new.profile.price, Some(Price::per_million("1".parse().unwrap(), "2".parse().unwrap())));
    assert_eq!(new.profile.context_tokens, old.profile.context_tokens);
    assert!(new.profile.audio && !old.profile.audio);
    assert_ne!(after.profile("openai", "gpt-4o-mini").profile.price, new.profile.price, "a longer row stays");
    assert_eq!(before.profile("openai", "gpt-4o").profile.price, old.profile.price, "the shared table is as it was");
}

#[test]
fn a_whole_profile_goes_before_a_row_of_the_same_name() {
    let blind = Profile { temperature: false, ..Profile::default() };
    let catalog = Catalog::embedded().with_profile("openai", "gpt-4o", blind.clone());
    let known = catalog.profile("openai", "gpt-4o-2024-08-06");
    assert_eq!((&*known.profile, known.row.as_deref()), (&blind, Some("openai/gpt-4o")));
    assert!(known.profile.price.is_none() && known.source.is_none(), "nothing is left of the row");
    assert!(catalog.profile("openai", "gpt-4o-mini").profile.price.is_some(), "a longer row goes before it");
    assert!(catalog.profile("openai", "gpt-4o-2024-05-13").profile.price.is_some(), "and a row of the name itself");
    let own = Catalog::default().with_profile("ours", "a/b", blind.clone()).profile("ours", "a/b");
    assert_eq!((&*own.profile, own.nearest.len()), (&blind, 0));
}
