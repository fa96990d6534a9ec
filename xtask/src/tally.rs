//! Count tests over several runners, each of which closes with a line of its own.

use std::fmt;
use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Tests that ran and passed.
    pub passed: u64,
    /// Tests that ran and did not pass, for whatever reason.
    pub failed: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    /// The plain closing line that CI reads: `12 passed, 0 failed`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Tally {
    /// Reads `test result: ok. 5 passed; 0 failed; …`, which `cargo test` prints for every test binary.
    pub fn of_cargo_test(line: &str) -> Option<Self> {
        let (_, counts) = line
            .trim_start()
            .strip_prefix("test result:")?
            .split_once(". ")?;
        Some(Self::of_counts(counts.split(';')))
    }

    /// Reads `Summary [ 1.2s] 9 tests run: 8 passed (1 slow), 1 failed, 2 skipped`, nextest's closing line.
    pub fn of_nextest(line: &str) -> Option<Self> {
        let (_, counts) = line
            .trim_start()
            .strip_prefix("Summary [")?
            .split_once(" run: ")?;
        Some(Self::of_counts(counts.split(',')))
    }

    /// Reads the `stats` of Playwright's JSON report. A flaky test failed once, so it counts as failed.
    pub fn of_playwright(report: &str) -> Option<Self> {
        let report: serde_json::Value = serde_json::from_str(report).ok()?;
        let stats = |name: &str| report["stats"][name].as_u64();
        Some(Self {
            passed: stats("expected")?,
            failed: stats("unexpected")? + stats("flaky")?,
        })
    }

    fn of_counts<'a>(counts: impl Iterator<Item = &'a str>) -> Self {
        let mut tally = Self::default();
        for count in counts {
            let Some((number, what)) = count.trim().split_once(' ') else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            if what.starts_with("passed") {
                tally.passed += number;
            } else if ["failed", "exec failed", "timed out"]
                .iter()
                .any(|bad| what.starts_with(bad))
            {
                tally.failed += number;
            }
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64) -> Option<Tally> {
        Some(Tally { passed, failed })
    }

    #[test]
    fn cargo_test() {
        let line = "test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.00s";
        assert_eq!(Tally::of_cargo_test(line), tally(5, 2));
        assert_eq!(Tally::of_cargo_test("test a::b ... ok"), None);
    }

    #[test]
    fn nextest() {
        let read = Tally::of_nextest;
        assert_eq!(
            read("     Summary [   0.2s] 1 test run: 1 passed, 0 skipped"),
            tally(1, 0)
        );
        let bad = "Summary [ 9.2s] 9 tests run: 5 passed (1 slow, 2 leaky), 2 failed, 1 exec failed, 1 timed out, 4 skipped";
        assert_eq!(read(bad), tally(5, 4));
        let cut = "Summary [ 0.9s] 5/9 tests run: 4 passed, 1 failed, 0 skipped";
        assert_eq!(read(cut), tally(4, 1));
        assert_eq!(read("        PASS [ 0.004s] kernel id::tests::new"), None);
    }

    #[test]
    fn playwright() {
        let report = r#"{"stats":{"expected":7,"skipped":1,"unexpected":2,"flaky":1}}"#;
        assert_eq!(Tally::of_playwright(report), tally(7, 3));
        assert_eq!(Tally::of_playwright("{}"), None);
    }

    #[test]
    fn sums_into_the_closing_line() {
        let mut sum = Tally::default();
        sum += Tally {
            passed: 5,
            failed: 0,
        };
        sum += Tally {
            passed: 7,
            failed: 1,
        };
        assert_eq!(sum.to_string(), "12 passed, 1 failed");
    }
}
