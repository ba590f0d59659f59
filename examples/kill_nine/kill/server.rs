//! The server: started, called, killed.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;

use super::{Options, Outcome};

pub(super) struct Server {
    child: Mutex<Child>,
    url: String,
    agent: Agent,
    /// From the call of the program until it listened.
    pub(super) took: Duration,
}

/// An answer: its status and its JSON, or text.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn json(&self) -> Outcome<Value> {
        serde_json::from_str(&self.text).map_err(|error| format!("{error}: {}", self.text).into())
    }
}

fn spawn(options: &Options) -> Outcome<Child> {
    let mut command = Command::new(&options.binary);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TIANLU_")) {
        command.env_remove(name);
    }
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&options.data);
    // One client stands for many here.
    command.args(["--rate", "1000000"]);
    command.env("RUST_LOG", "error").stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().map_err(|error| format!("{}: {error}", options.binary.display()).into())
}

impl Server {
    /// Starts it and waits until it listens.
    pub(super) fn start(options: &Options) -> Outcome<Self> {
        let begun = Instant::now();
        let mut child = spawn(options)?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("no standard error")?).lines();
        let mut said = Vec::new();
        let url = loop {
            let Some(line) = lines.next() else {
                return Err(format!("the server did not start again: {}", said.join("; ")).into());
            };
            let line = line?;
            match line.strip_prefix("listening on ") {
                Some(url) => break url.to_owned(),
                None => said.push(line),
            }
        };
        let took = begun.elapsed();
        // Standard error is read on, or the server would stand still once the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Ok(Self { child: Mutex::new(child), url, agent: agent.into(), took })
    }

    /// Starts it and kills it after a time.
    pub(super) fn kill_at(options: &Options, after: Duration) -> Outcome<()> {
        let mut child = spawn(options)?;
        std::thread::sleep(after);
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// SIGKILL: it gets to do nothing more.
    pub(super) fn kill(&self) -> Outcome<()> {
        let mut child = self.child.lock().map_err(|_| "the lock is poisoned")?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    pub(super) fn get(&self, path: &str) -> Outcome<Answer> {
        Self::answer(self.agent.get(format!("{}{path}", self.url)).call()?)
    }

    /// Sends JSON. An error is a call without an answer.
    pub(super) fn send(&self, method: &str, path: &str, key: Option<&str>, body: &Value) -> Outcome<Answer> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        request = request.header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        Self::answer(self.agent.run(request.body(body.to_string())?)?)
    }

    fn answer(mut response: ureq::http::Response<ureq::Body>) -> Outcome<Answer> {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut response.body_mut().as_reader(), &mut text)?;
        Ok(Answer { status: response.status().as_u16(), text })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}
