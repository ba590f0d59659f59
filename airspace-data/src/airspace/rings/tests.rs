//! Rings by hand and by chance.
