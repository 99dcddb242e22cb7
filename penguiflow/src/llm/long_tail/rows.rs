//! The providers of the long tail: a row for each. Data only.

use crate::graph::near::{listed, nearest};
use genai::adapter::AdapterKind;

pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) kind: AdapterKind,
    pub(super) base_url: &'static str,
    pub(super) key_var: &'static str,
}

const fn row(name: &'static str, kind: AdapterKind, base_url: &'static str, key_var: &'static str) -> Row {
    Row { name, kind, base_url, key_var }
}

/// Names, addresses and variables as genai 0.7.2 has them; a test compares the addresses with its own.
pub(super) const ALL: &[Row] = &[
    row("aliyun", AdapterKind::Aliyun, "https://dashscope.aliyuncs.com/compatible-mode/v1/", "ALIYUN_API_KEY"),
    row("baidu", AdapterKind::Baidu, "https://qianfan.baidubce.com/v2/", "BAIDU_API_KEY"),
    row("bigmodel", AdapterKind::BigModel, "https://open.bigmodel.cn/api/paas/v4/", "BIGMODEL_API_KEY"),
    row("cohere", AdapterKind::Cohere, "https://api.cohere.com/v1/", "COHERE_API_KEY"),
    row("fireworks", AdapterKind::Fireworks, "https://api.fireworks.ai/inference/v1/", "FIREWORKS_API_KEY"),
    row("github", AdapterKind::GithubCopilot, "https://models.github.ai/inference/", "GITHUB_TOKEN"),
    row("kimi", AdapterKind::Kimi, "https://api.moonshot.ai/v1/", "KIMI_API_KEY"),
    row("ollama-cloud", AdapterKind::OllamaCloud, "https://ollama.com/", "OLLAMA_API_KEY"),
    row("zai", AdapterKind::Zai, "https://api.z.ai/api/paas/v4/", "ZAI_API_KEY"),
];

pub(super) fn unknown(name: &str) -> String {
    let all = || ALL.iter().map(|row| row.name);
    match nearest(all(), name) {
        Some(near) => format!("there is no provider `{name}` in the long tail: did you mean `{near}`?"),
        None => format!("there is no provider `{name}` in the long tail: there are {}", listed(all())),
    }
}
