//! Median, p95 and p99 of what was measured.

use std::time::Duration;

use serde::Serialize;

/// Times of one kind of request, in milliseconds.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct Times {
    /// Requests measured.
    pub count: usize,
    /// Half were faster.
    pub median: f64,
    /// 95 of 100 were faster.
    pub p95: f64,
    /// 99 of 100 were faster.
    pub p99: f64,
}

impl Times {
    /// Of these; zeros when there are none.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        // Nearest rank: the smallest value that so many percent do not exceed.
        let rank = |percent: usize| {
            let at = (times.len() * percent).div_ceil(100).max(1) - 1;
            times.get(at).map_or(0.0, |t| t.as_secs_f64() * 1_000.0)
        };
        Self {
            count: times.len(),
            median: rank(50),
            p95: rank(95),
            p99: rank(99),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_nearest() {
        let times = (1..=100).rev().map(Duration::from_millis).collect();
        let t = Times::of(times);
        assert_eq!((t.median, t.p95, t.p99), (50.0, 95.0, 99.0));
        let one = Times::of(vec![Duration::from_millis(7)]);
        assert_eq!((one.median, one.p99, one.count), (7.0, 7.0, 1));
        assert_eq!(Times::of(Vec::new()).p95, 0.0);
    }
}
