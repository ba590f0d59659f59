//! Bodies in: of a known media type, not too large, not too slow.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header;
use http_body_util::BodyExt;
use serde_json::Value;

use super::problem::{Code, Problem};

/// What a call takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Accepts {
    /// The media types; `+json` kinds are JSON.
    pub(super) media_types: &'static [&'static str],
    /// May the media type be absent?
    pub(super) untyped: bool,
    /// The most bytes.
    pub(super) most: usize,
}

/// A flight request.
pub(super) const JSON: Accepts =
    Accepts { media_types: &["application/json"], untyped: false, most: 1 << 20 };

/// Flight requests.
pub(super) const BATCH: Accepts =
    Accepts { media_types: &["application/json"], untyped: false, most: 16 << 20 };

/// An airspace file, told apart by its content.
pub(super) const AIRSPACE: Accepts = Accepts {
    media_types: &["application/json", "application/geo+json", "text/plain", "application/octet-stream"],
    untyped: true,
    most: 20 << 20,
};

/// A mission, told apart by its content.
pub(super) const MISSION: Accepts = Accepts {
    media_types: &[
        "application/json",
        "application/geo+json",
        "application/octet-stream",
        "application/vnd.google-earth.kmz",
        "application/zip",
        "text/plain",
    ],
    untyped: true,
    most: 20 << 20,
};

/// How much of a body that is too large is read and thrown away, so that its sender gets to see the answer.
const DRAINED: usize = 64 << 20;

impl Accepts {
    /// The bytes of a request's body.
    pub(super) async fn read(self, request: Request, patience: Duration) -> Result<Bytes, Problem> {
        self.check_media_type(&request)?;
        match tokio::time::timeout(patience, self.collect(request.into_body())).await {
            Ok(read) => read,
            Err(_) => {
                let detail = format!("the body did not arrive within {} s", patience.as_secs_f64());
                Err(Problem::new(Code::BodyTimeout, detail))
            }
        }
    }

    pub(super) fn check_media_type(self, request: &Request) -> Result<(), Problem> {
        let expected = self.media_types.join(", ");
        let refuse = |found: &str| {
            let detail = format!("Content-Type: found {found}, expected {expected}");
            Err(Problem::new(Code::UnsupportedMediaType, detail))
        };
        let Some(header) = request.headers().get(header::CONTENT_TYPE) else {
            return if self.untyped { Ok(()) } else { refuse("none") };
        };
        let text = String::from_utf8_lossy(header.as_bytes()).to_ascii_lowercase();
        let kind = text.split(';').next().unwrap_or_default().trim();
        let json = kind.starts_with("application/") && kind.ends_with("+json");
        if self.media_types.contains(&kind) || json { Ok(()) } else { refuse(&format!("{kind:?}")) }
    }

    async fn collect(self, mut body: Body) -> Result<Bytes, Problem> {
        let mut bytes = Vec::new();
        let mut length = 0;
        while let Some(frame) = body.frame().await {
            let frame =
                frame.map_err(|_| Problem::new(Code::BadSyntax, "the body ended before its length"))?;
            let Some(data) = frame.data_ref() else { continue };
            length += data.len();
            if length > self.most + DRAINED {
                break;
            } else if length > self.most {
                bytes = Vec::new();
            } else {
                bytes.extend_from_slice(data);
            }
        }
        if length > self.most {
            let detail = format!("the body is larger than {} MiB", self.most >> 20);
            return Err(Problem::new(Code::BodyTooLarge, detail));
        }
        Ok(bytes.into())
    }
}

/// JSON from bytes. Nesting deeper than 128 is refused.
pub(super) fn json_of(bytes: &[u8]) -> Result<Value, Problem> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| Problem::new(Code::BadSyntax, format!("the body: {error}")))
}
