//! The closed list of error codes.

use axum::http::StatusCode;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal, $status:ident, $title:literal;)*) => {
        /// Why a call failed: the `code` of a problem. No other codes exist.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
        pub enum Code {
            $($(#[doc = $doc])* #[serde(rename = $text)] $name,)*
        }

        impl Code {
            /// All of them, by status.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The spelling in answers.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),* }
            }

            /// What it means, in one sentence.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }
        }
    };
}

codes! {
    /// The body is no JSON.
    BadSyntax = "BAD_SYNTAX", BAD_REQUEST, "The body is not JSON.";
    /// The address cannot be understood.
    BadUrl = "BAD_URL", BAD_REQUEST, "The path or a query parameter is unknown, repeated or malformed.";
    /// Nobody in particular calls.
    Unauthenticated = "UNAUTHENTICATED", UNAUTHORIZED, "The call needs a bearer token that holds; `detail` says what is wrong with it.";
    /// The call comes from another site's page.
    ForeignOrigin = "FOREIGN_ORIGIN", FORBIDDEN, "The call comes from a page of another site, or names a host that this server is not.";
    /// The caller may not do it.
    Forbidden = "FORBIDDEN", FORBIDDEN, "The caller may not do this; `detail` names what it takes.";
    /// Nothing is there.
    NotFound = "NOT_FOUND", NOT_FOUND, "There is nothing at this address.";
    /// Not with this method.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", METHOD_NOT_ALLOWED, "The address exists, but not for this method.";
    /// The body came too slowly.
    BodyTimeout = "BODY_TIMEOUT", REQUEST_TIMEOUT, "The body did not arrive in time.";
    /// The identifier is taken.
    DuplicateZone = "DUPLICATE_ZONE", CONFLICT, "A zone with this identifier exists already, or twice in the body.";
    /// The flight's id is taken.
    DuplicateFlight = "DUPLICATE_FLIGHT", CONFLICT, "A flight with this id exists already.";
    /// The flight's state does not allow it.
    WrongState = "WRONG_STATE", CONFLICT, "The state of the flight does not allow this.";
    /// The events are no longer kept.
    EventsGone = "EVENTS_GONE", GONE, "The events that come next are not there (any more): read the state anew.";
    /// What is to be changed has changed.
    PreconditionFailed = "PRECONDITION_FAILED", PRECONDITION_FAILED, "It has changed since the ETag in If-Match.";
    /// The body is too large.
    BodyTooLarge = "BODY_TOO_LARGE", PAYLOAD_TOO_LARGE, "The body is larger than this call takes.";
    /// The body's media type is wrong.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", UNSUPPORTED_MEDIA_TYPE, "The body's Content-Type is not one that this call takes.";
    /// The body has wrong fields.
    InvalidRequest = "INVALID_REQUEST", UNPROCESSABLE_ENTITY, "The body is JSON, but not what this call takes; `errors` says where.";
    /// The airspace file has wrong features.
    InvalidAirspace = "INVALID_AIRSPACE", UNPROCESSABLE_ENTITY, "The body cannot be read as airspace; `errors` says where; nothing was loaded.";
    /// The mission cannot be understood.
    InvalidMission = "INVALID_MISSION", UNPROCESSABLE_ENTITY, "The body cannot be read as a mission, or not be timed; `errors` says where.";
    /// The idempotency key is taken.
    KeyMisused = "KEY_MISUSED", UNPROCESSABLE_ENTITY, "The Idempotency-Key was used with another body.";
    /// The backup is no backup, or makes no state.
    InvalidBackup = "INVALID_BACKUP", UNPROCESSABLE_ENTITY, "The body is no whole backup, or what it holds makes no state here; nothing was changed.";
    /// The flight cannot be planned.
    RouteRefused = "ROUTE_REFUSED", UNPROCESSABLE_ENTITY, "The request was understood, but no flight keeps its promises; `reason` says why.";
    /// The client calls too often.
    TooManyRequests = "TOO_MANY_REQUESTS", TOO_MANY_REQUESTS, "This client has called too often; try again after Retry-After seconds.";
    /// A fault of the server.
    Internal = "INTERNAL", INTERNAL_SERVER_ERROR, "A fault of the server; its log has the request id.";
    /// Too much to do.
    Overloaded = "OVERLOADED", SERVICE_UNAVAILABLE, "Too many calls are being worked on; try again after Retry-After seconds.";
    /// The planner took too long.
    PlanningTimeout = "PLANNING_TIMEOUT", SERVICE_UNAVAILABLE, "The work took longer than the server allows.";
    /// The store failed.
    StoreFailed = "STORE_FAILED", SERVICE_UNAVAILABLE, "The change could not be made durable; it was not made.";
    /// The server is going down.
    NotReady = "NOT_READY", SERVICE_UNAVAILABLE, "The server is stopping, and takes no more work.";
}

impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        let texts = Self::ALL.iter().map(|code| code.as_str());
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Why a call failed. No other codes exist."))
            .enum_values(Some(texts))
            .into()
    }
}

impl ToSchema for Code {}

impl Code {
    /// The code for an answer that only has a status.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthenticated,
            StatusCode::TOO_MANY_REQUESTS => Self::TooManyRequests,
            StatusCode::FORBIDDEN => Self::ForeignOrigin,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => Self::BodyTimeout,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            status if status.is_client_error() => Self::BadUrl,
            _ => Self::Internal,
        }
    }
}
