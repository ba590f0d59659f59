//! Sunrise, sunset and civil twilight at a place.

/// Published sun tables differ by up to a minute.
pub const SUN_TOLERANCE_MS: i64 = 60_000;
