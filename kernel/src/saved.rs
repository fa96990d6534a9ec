//! What was just saved, told on top of the page that follows.
//!
//! The word travels in a cookie of its own, which the page that shows it takes away: the address
//! stays clean, and a page loaded again says nothing twice. Only codes of this list are read, so
//! that no cookie and no link can put other words into a page.

use axum::{
    http::{HeaderMap, HeaderValue, Method, header},
    response::Response,
};

use crate::code_enum;

/// The cookie's name.
const COOKIE: &str = "engawa_saved";

code_enum! {
    /// What was saved, as the next page says it.
    pub enum Saved {
        /// 支援経過
        Contact = "contact", "支援経過を保存しました。";
        /// The words of a 支援経過 that stood there before stay in its history.
        Correction = "correction", "訂正を保存しました。訂正前の文は履歴に残っています。";
        /// A case out of a consultation.
        NewCase = "new_case", "ケースを作りました。";
        /// Stage, name and marks of a case.
        Case = "case", "ケースの段階・名前を保存しました。";
        /// A household and its members.
        Household = "household", "世帯を保存しました。";
        /// What is known of a person.
        Person = "person", "基本情報を保存しました。";
        /// Names.
        Name = "name", "氏名を保存しました。";
        /// The first name of somebody met without one: what is called after them keeps its words.
        FirstName = "first_name", "氏名を保存しました。ケースの名前は自動では変わりません。変えるときは、ケースの「段階・名前を変える」を開いてください。";
        /// 住所・居所
        Address = "address", "住所・居所を保存しました。";
        /// A move out of a household or to another place.
        Moved = "moved", "転居・世帯の移動を保存しました。";
        /// 同意
        Consent = "consent", "同意の記録を保存しました。";
        /// 同意の撤回
        Withdrawn = "withdrawn", "同意の撤回を記録しました。";
        /// 支援措置など
        Protection = "protection", "秘匿を設定しました。住所・電話などは、すべての画面で「秘匿」になっています。";
        /// Another application for the same person.
        AppliedAgain = "applied_again", "再申出を記録しました。秘匿は続いています。";
        /// A consultation taken in.
        Consultation = "consultation", "相談を保存しました。";
        /// What became of a consultation.
        Decision = "decision", "判断を保存しました。";
    }
}

impl Saved {
    /// To the page after the form, which tells it.
    #[must_use]
    pub fn then(self, path: &str) -> Response {
        let mut response = crate::http::see_other(path);
        let cookie = format!(
            "{COOKIE}={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
            self.as_code()
        );
        if let Ok(value) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        response
    }

    /// What the page asked for has to tell; only a page that is looked at, not a form sent.
    pub(crate) fn told(method: &Method, headers: &HeaderMap) -> Option<Self> {
        if method != Method::GET {
            return None;
        }
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
            .and_then(Self::from_code)
    }

    /// A page was shown: the word is not said again. Answers that are no page leave it waiting.
    pub(crate) fn forget(response: &mut Response) {
        let page = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("text/html"));
        if page && response.status().is_success() {
            let gone = HeaderValue::from_static(
                "engawa_saved=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
            );
            response.headers_mut().append(header::SET_COOKIE, gone);
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    fn told(method: &Method, cookies: &'static str) -> Option<Saved> {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static(cookies));
        Saved::told(method, &headers)
    }

    #[test]
    fn the_next_page_tells_what_was_saved_and_nothing_else() {
        let answer = Saved::Contact.then("/cases/1#contact-2");
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with("engawa_saved=contact;"), "{cookie}");
        assert_eq!(answer.headers()[header::LOCATION], "/cases/1#contact-2");
        let (get, post) = (&Method::GET, &Method::POST);
        assert_eq!(told(get, "a=1; engawa_saved=contact"), Some(Saved::Contact));
        assert_eq!(told(post, "engawa_saved=contact"), None);
        assert_eq!(told(get, "engawa_saved=<b>"), None);
        assert_eq!(told(get, "xengawa_saved=contact"), None);
    }

    #[test]
    fn only_a_page_takes_the_word_away() {
        let mut page = maud::html! { p { "画面" } }.into_response();
        Saved::forget(&mut page);
        assert!(page.headers().contains_key(header::SET_COOKIE));
        for mut other in [
            axum::Json(1).into_response(),
            crate::http::see_other("/today"),
        ] {
            Saved::forget(&mut other);
            assert!(!other.headers().contains_key(header::SET_COOKIE));
        }
    }
}
