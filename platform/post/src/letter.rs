//! The words of the mail. They are the same for everybody: a mail lies on servers and telephones
//! that we do not know, and a colleague reads over the shoulder.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    clock,
    text::wareki::{Calendar, format_date_time},
};

/// The same for every mail; a number here would be read on the lock screen of a telephone.
pub const SUBJECT: &str = "【縁側】お知らせがあります";

/// What one mail says.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Unread notices.
    pub unread: i64,
    /// The oldest of them.
    pub since: DateTime<Utc>,
    /// How the reader likes dates.
    pub calendar: Calendar,
    /// 研修用
    pub training: bool,
}

impl Letter {
    /// The text; `home` is where people open Engawa, without a slash at the end.
    #[must_use]
    pub fn text(&self, home: Option<&str>) -> String {
        let training = if self.training {
            "これは研修用の縁側からのメールです。\n\n"
        } else {
            ""
        };
        let (unread, since) = (
            self.unread,
            format_date_time(clock::local(self.since), self.calendar),
        );
        let open = home.map_or_else(
            || "縁側を開き、「きょう」の画面で確かめてください。".to_owned(),
            |home| format!("縁側の「きょう」の画面で確かめてください。\n{home}/today"),
        );
        format!(
            "{training}まだ読んでいないお知らせが{unread}件あります。\n\
             いちばん古いものは、{since} のお知らせです。\n\
             \n\
             {open}\n\
             \n\
             個人情報を守るため、このメールには、どなたのことも、用件も書いていません。\n\
             メールを止めるとき、届く回数を変えるときは、縁側の画面の上の「アカウント」にある「お知らせのメール」で選んでください。\n\
             このメールは自動で送っています。返信しても、だれにも届きません。\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_many_since_when_where_and_how_to_stop() {
        let letter = Letter {
            unread: 3,
            since: DateTime::from_timestamp(1_795_222_800, 0).unwrap(),
            calendar: Calendar::Japanese,
            training: false,
        };
        let text = letter.text(Some("https://engawa.example.lg.jp"));
        for part in [
            "お知らせが3件",
            "令和8年11月21日 10:00",
            "\nhttps://engawa.example.lg.jp/today\n",
            "お知らせのメール",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("研修"));
        assert!(!letter.text(None).contains("http"));
    }

    #[test]
    fn a_training_town_says_so_first() {
        let letter = Letter {
            unread: 1,
            since: DateTime::from_timestamp(0, 0).unwrap(),
            calendar: Calendar::Western,
            training: true,
        };
        assert!(letter.text(None).starts_with("これは研修用"));
    }
}
