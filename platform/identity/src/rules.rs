//! Decisions without I/O: what a password must be, how lock-outs grow, where one may be sent.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{access::Role, settings::Settings};
use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::model::{
    Account, Ended, Gate, LOGIN_MAX, PASSWORD_MAX, PASSWORD_MIN, SecondFactor, Session,
};

/// Words that many people build their password on.
static COMMON: &str = include_str!("common_passwords.txt");

/// A user name as it is stored and looked up: half-width, lower case, without blanks around it.
#[must_use]
pub fn login_key(typed: &str) -> String {
    typed.trim().nfkc().collect::<String>().to_lowercase()
}

/// Whether a new user name can be one.
///
/// # Errors
/// The sentence for whoever chose it.
pub fn check_login(login: &str) -> Result<String, &'static str> {
    let key = login_key(login);
    let fits = key
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@'));
    if key.is_empty() || key.len() > LOGIN_MAX || !fits {
        return Err("ユーザー名は、半角の英数字と . - _ @ で、64文字までにしてください。");
    }
    Ok(key)
}

/// The rules of a new password, with the sentence that says how to do better.
///
/// # Errors
/// It is too short, too long, easy to guess or the user name.
pub fn check_password(password: &str, login: &str) -> Result<(), &'static str> {
    let plain: String = password.nfkc().collect::<String>().to_lowercase();
    let length = plain.graphemes(true).count();
    if length < PASSWORD_MIN {
        return Err(
            "パスワードは12文字以上にしてください。覚えやすい言葉をいくつか続けると、長くて破られにくくなります。",
        );
    }
    if length > PASSWORD_MAX || password.len() > crate::hash::MAX_BYTES {
        return Err("パスワードは128文字までにしてください。");
    }
    let login = login_key(login);
    if !login.is_empty() && strip(&plain.replace(&login, "")).chars().count() < 4 {
        return Err("ユーザー名をもとにしたパスワードは使えません。別の言葉にしてください。");
    }
    let few = plain.chars().collect::<HashSet<_>>().len() < 5;
    if few || is_run(&plain) || is_common(&plain) {
        return Err(
            "よく使われるパスワードや、同じ文字・並んだ文字の繰り返しは使えません。別の言葉にしてください。",
        );
    }
    Ok(())
}

/// Letters only: digits and signs around a word do not make it hard to guess.
fn strip(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

/// One common word with digits and signs, or repeated.
fn is_common(plain: &str) -> bool {
    let letters = strip(plain);
    COMMON.lines().any(|word| {
        let (with_digits, core) = (word, strip(word));
        plain == with_digits
            || (!core.is_empty() && letters.replace(&core, "").is_empty() && !letters.is_empty())
            || plain.replace(with_digits, "").is_empty()
    })
}

/// 123456789012, abcdefghijkl, zyxw…: each letter the neighbour of the one before.
fn is_run(plain: &str) -> bool {
    let letters: Vec<u32> = plain.chars().map(u32::from).collect();
    let steps = letters
        .windows(2)
        .filter(|w| w[0].abs_diff(w[1]) <= 1 || (w[0] == u32::from('9') && w[1] == u32::from('0')));
    letters.len() > 1 && steps.count() * 10 >= (letters.len() - 1) * 9
}

/// Failed attempts before the first wait, for one user name.
pub const FREE_FAILURES: i64 = 5;
/// The same for one source address: a whole office may share one.
pub const FREE_FAILURES_SOURCE: i64 = 30;
/// The longest wait.
const LONGEST_MINUTES: i64 = 60;

/// How long nobody may try again after so many failures: 1 minute, 2, 4 … 60.
#[must_use]
pub fn wait_after(failures: i64, free: i64) -> Option<Duration> {
    let over = failures - free;
    (over >= 0).then(|| {
        let minutes = 1_i64 << u32::try_from(over.min(6)).unwrap_or(6);
        Duration::minutes(minutes.min(LONGEST_MINUTES))
    })
}

/// The sentence during a lock-out: the same for every user name, known or not.
pub const WAIT: &str = "ログインの失敗が続いたため、しばらくのあいだログインできません。時間をおいて、もう一度試してください。お急ぎのときは、所属の管理者に連絡してください。";
/// The sentence for everything else that does not fit.
pub const WRONG: &str = "ユーザー名かパスワードが違います。入力を確かめて、もう一度試してください。分からないときは、所属の管理者に連絡してください。";
/// The password alone was asked.
pub const WRONG_PASSWORD: &str = "パスワードが違います。入力を確かめて、もう一度試してください。";
/// The code did not fit, was used before or came too late.
pub const WRONG_CODE: &str = "確認コードが違うか、すでに使われています。認証アプリに表示された新しいコードを入力してください。端末の時刻がずれていると合わないことがあります。";

/// Where to go after login: only a page of this server. Everything else becomes the first page.
#[must_use]
pub fn safe_next(next: Option<&str>) -> &str {
    let Some(next) = next else { return "/" };
    let local = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= 2000
        && !next
            .chars()
            .any(|c| c == '\\' || c.is_control() || c.is_whitespace() || !c.is_ascii());
    // Going back to where one signs in or out would lead nowhere.
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let own = matches!(
        path,
        "/login" | "/login/code" | "/logout" | "/lock" | "/unlock"
    );
    if local && !own { next } else { "/" }
}

/// Whether this person must use a second factor. Practice systems never ask for one.
#[must_use]
pub fn needs_totp(settings: &Settings, training: bool, contracted: bool) -> bool {
    !training && (settings.all_need_totp || (settings.outside_needs_totp && contracted))
}

/// Where a session starts once the password fitted.
#[must_use]
pub fn after_password(enrolled: bool, needed: bool) -> SecondFactor {
    match (enrolled, needed) {
        (true, _) => SecondFactor::Code,
        (false, true) => SecondFactor::Enrol,
        (false, false) => SecondFactor::NotNeeded,
    }
}

/// Whether a session is over by itself.
#[must_use]
pub fn ended(session: &Session, idle_minutes: u32, now: DateTime<Utc>) -> Option<Ended> {
    if session.revoked {
        Some(Ended::Revoked)
    } else if now >= session.expires {
        Some(Ended::Expired)
    } else if now >= session.seen + Duration::minutes(i64::from(idle_minutes)) {
        Some(Ended::Idle)
    } else {
        None
    }
}

/// What the session must do first.
#[must_use]
pub fn gate(session: &Session, account: &Account) -> Gate {
    if session.second_factor == SecondFactor::Code {
        Gate::Code
    } else if session.locked {
        Gate::Unlock
    } else if account.must_change {
        Gate::ChangePassword
    } else if session.second_factor == SecondFactor::Enrol {
        Gate::Enrol
    } else {
        Gate::Open
    }
}

/// Whether a path stays reachable in front of the gate. Drafts go on being kept behind a locked
/// screen: they can be written there, never read.
#[must_use]
pub fn passes(gate: Gate, method: &str, path: &str) -> bool {
    if matches!(path, "/logout" | "/login") {
        return true;
    }
    match gate {
        Gate::Open => true,
        Gate::Code => path == "/login/code",
        Gate::Unlock => {
            matches!(path, "/unlock" | "/lock") || (method == "PUT" && path.starts_with("/drafts/"))
        }
        Gate::ChangePassword => matches!(path, "/account/password" | "/lock"),
        Gate::Enrol => matches!(path, "/account/totp" | "/account/totp.svg" | "/lock"),
    }
}

/// Digits and letters of a typed code, half-width and without blanks and hyphens.
#[must_use]
pub fn code_key(typed: &str) -> String {
    typed
        .nfkc()
        .filter(|c| c.is_alphanumeric())
        .take(40)
        .collect::<String>()
        .to_uppercase()
}

/// Main posting first: the largest share, then the longest held.
#[must_use]
pub fn share_order(share: &str) -> i64 {
    share
        .parse::<f64>()
        .ok()
        .filter(|s| s.is_finite())
        .map_or(0, |s| -((s * 1000.0) as i64))
}

/// The words of a role when the municipality has none of its own.
#[must_use]
pub fn shipped_label(role: Role) -> String {
    role.label().to_owned()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
