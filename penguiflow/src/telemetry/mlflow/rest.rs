//! Speaks MLflow's REST API, one request at a time: <https://mlflow.org/docs/latest/rest-api.html>. Decides nothing.

use crate::telemetry::mlflow::figures::Figure;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};
use std::error::Error;
use std::time::Duration;

/// How long an answer may be, in bytes.
const ANSWER_MAX: usize = 1024 * 1024;

/// The server.
pub(super) struct Rest {
    client: Client,
    base: Url,
    headers: HeaderMap,
    timeout: Duration,
}

/// Why a request has failed.
#[derive(Debug)]
pub(super) struct Fault {
    /// Whether another attempt may go better.
    pub(super) passes: bool,
    /// The server's name for it.
    code: String,
    pub(super) why: String,
}

impl Fault {
    fn passing(why: String) -> Self {
        Fault { passes: true, code: String::new(), why }
    }

    fn last(why: impl Into<String>) -> Self {
        Fault { passes: false, code: String::new(), why: why.into() }
    }
}

impl Rest {
    pub(super) fn new(client: Client, base: Url, headers: HeaderMap, timeout: Duration) -> Self {
        Rest { client, base, headers, timeout }
    }

    /// The id of the experiment, which is made if it is not there.
    pub(super) async fn experiment(&self, name: &str, left: Option<Duration>) -> Result<String, Fault> {
        match self.find(name, left).await {
            Err(fault) if fault.code == "RESOURCE_DOES_NOT_EXIST" => {}
            found => return found,
        }
        let made = self.post("experiments/create", &json!({ "name": name }), left).await;
        match made {
            Ok(made) => text(&made, "/experiment_id"),
            // Somebody was faster.
            Err(fault) if fault.code == "RESOURCE_ALREADY_EXISTS" => self.find(name, left).await,
            Err(fault) => Err(fault),
        }
    }

    async fn find(&self, name: &str, left: Option<Duration>) -> Result<String, Fault> {
        let mut url = self.url("experiments/get-by-name")?;
        url.query_pairs_mut().append_pair("experiment_name", name);
        let found = self.ask(Method::GET, url, None, left).await?;
        if found.pointer("/experiment/lifecycle_stage").and_then(Value::as_str) == Some("deleted") {
            return Err(Fault::last(format!("the experiment `{name}` was deleted: restore it, or take another name")));
        }
        text(&found, "/experiment/experiment_id")
    }

    pub(super) async fn begin(&self, run: &Value, left: Option<Duration>) -> Result<String, Fault> {
        text(&self.post("runs/create", run, left).await?, "/run/info/run_id")
    }

    pub(super) async fn params(
        &self,
        run: &str,
        params: &[(String, String)],
        left: Option<Duration>,
    ) -> Result<(), Fault> {
        let params: Vec<Value> = params.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
        self.post("runs/log-batch", &json!({ "run_id": run, "params": params }), left).await.map(drop)
    }

    pub(super) async fn figures(&self, run: &str, figures: &[Figure], left: Option<Duration>) -> Result<(), Fault> {
        self.post("runs/log-batch", &json!({ "run_id": run, "metrics": figures }), left).await.map(drop)
    }

    pub(super) async fn tag(&self, run: &str, tag: &(String, String), left: Option<Duration>) -> Result<(), Fault> {
        let tag = json!({ "run_id": run, "key": tag.0, "value": tag.1 });
        self.post("runs/set-tag", &tag, left).await.map(drop)
    }

    pub(super) async fn end(&self, run: &str, status: &str, at: u64, left: Option<Duration>) -> Result<(), Fault> {
        let end = json!({ "run_id": run, "status": status, "end_time": at });
        self.post("runs/update", &end, left).await.map(drop)
    }

    fn url(&self, path: &str) -> Result<Url, Fault> {
        self.base.join(path).map_err(|error| Fault::last(error.to_string()))
    }

    async fn post(&self, path: &str, body: &Value, left: Option<Duration>) -> Result<Value, Fault> {
        self.ask(Method::POST, self.url(path)?, Some(body.to_string()), left).await
    }

    async fn ask(
        &self,
        method: Method,
        url: Url,
        body: Option<String>,
        left: Option<Duration>,
    ) -> Result<Value, Fault> {
        let timeout = left.map_or(self.timeout, |left| left.min(self.timeout));
        let mut request = reqwest::Request::new(method, url);
        *request.timeout_mut() = Some(timeout);
        *request.headers_mut() = self.headers.clone();
        if let Some(body) = body {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.into());
        }
        let silent = |error: reqwest::Error| Fault::passing(words(&error.without_url(), timeout));
        let mut answer = self.client.execute(request).await.map_err(silent)?;
        let status = answer.status();
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(silent)? {
            if bytes.len() + chunk.len() > ANSWER_MAX {
                return Err(Fault::last("the MLflow server answers too much"));
            }
            bytes.extend_from_slice(&chunk);
        }
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return Ok(answer);
        }
        let part = |key: &str| answer[key].as_str().unwrap_or_default().chars().take(300).collect::<String>();
        let (code, message) = (part("error_code"), part("message"));
        let passes = status.as_u16() == 429 || status.is_server_error();
        Err(Fault {
            passes,
            why: format!("the MLflow server answers {status} {code} {message}").trim_end().to_owned(),
            code,
        })
    }
}

fn text(answer: &Value, at: &str) -> Result<String, Fault> {
    let found = answer.pointer(at).and_then(Value::as_str);
    found.map(str::to_owned).ok_or_else(|| Fault::last(format!("the answer of the MLflow server has no `{at}`")))
}

/// The client tells what it did and leaves what went wrong to the causes.
fn words(error: &reqwest::Error, timeout: Duration) -> String {
    if error.is_timeout() {
        return format!("the MLflow server did not answer within {timeout:.1?}");
    }
    let mut innermost: &dyn Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    format!("the MLflow server cannot be reached: {innermost}")
}
