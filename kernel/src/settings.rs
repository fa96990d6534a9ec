//! What a municipality sets for itself.

use serde::{Deserialize, Serialize};

/// Local rules of one municipality; all have defaults, so that a village sees a small system.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Minutes without a request after which the session ends.
    pub session_minutes: u32,
    /// Seconds without input after which the screen locks.
    pub lock_seconds: u32,
    /// Outside (委託) bodies must use a second factor.
    pub outside_needs_totp: bool,
    /// Everybody must use a second factor.
    pub all_need_totp: bool,
    /// Minutes that a break-glass key opens.
    pub break_glass_minutes: u32,
    /// Days after which a case without contact is shown as silent.
    pub silent_days: u32,
    /// Years that the log is kept.
    pub audit_years: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            session_minutes: 60,
            lock_seconds: 600,
            outside_needs_totp: true,
            all_need_totp: false,
            break_glass_minutes: 60,
            silent_days: 60,
            audit_years: 5,
        }
    }
}
