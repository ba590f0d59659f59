//! Tests, benches and examples that span the crates of Tianlu; the crates themselves are beside this one.

pub mod numbers;
