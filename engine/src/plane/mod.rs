//! Exact shortest paths among polygons in the plane: the geometric kernel, useful alone.
