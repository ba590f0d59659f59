//! Who goes first.

use crate::flight::Request;

/// The numbers of requests in the order in which they are planned: the higher priority first (ASTM F3548), equals as they
/// stand in the list.
pub(super) fn order(requests: &[Request]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..requests.len()).collect();
    order.sort_by_key(|&number| std::cmp::Reverse(requests[number].priority));
    order
}
