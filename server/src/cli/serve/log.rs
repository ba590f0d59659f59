//! The log, on standard error: lines for people, or JSON for machines.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use super::args::LogFormat;

/// Begins to log. `RUST_LOG` chooses what; requests are, unless it says otherwise.
pub(super) fn begin(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // A second logger in one process is no reason to stop.
    let _ = match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).try_init(),
        // The call's span gives each line the request id and the subject.
        LogFormat::Json => {
            log.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
        }
    };
}

/// What the operator must see, whatever is logged.
pub(super) fn say(format: LogFormat, text: &str) {
    write(format, "INFO", text);
}

/// What the operator must see and think about.
pub(super) fn warn(format: LogFormat, text: &str) {
    match format {
        LogFormat::Text => eprintln!("warning: {text}"),
        LogFormat::Json => write(format, "WARN", text),
    }
}

fn write(format: LogFormat, level: &str, text: &str) {
    match format {
        LogFormat::Text => eprintln!("{text}"),
        LogFormat::Json => {
            let time = jiff::Timestamp::now().to_string();
            eprintln!("{}", serde_json::json!({"timestamp": time, "level": level, "message": text}));
        }
    }
}
