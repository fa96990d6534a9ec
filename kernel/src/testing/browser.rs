//! A browser of one user for the tests of screens: the real routes behind the real form guard, without
//! a network.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
    middleware,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower::ServiceExt as _;

use crate::{
    context::{Ctx, Engine},
    http::forms,
};

/// Bytes of an answer that are read at most.
const LONGEST: usize = 50_000_000;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// What became of the request.
    pub status: StatusCode,
    /// Where it leads; empty: nowhere.
    pub location: String,
    /// All headers.
    pub headers: HeaderMap,
    /// The page or file.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The page.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// What a program gets; null where it is no JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// Where a saved form leads.
    ///
    /// # Panics
    /// When it was not saved.
    #[track_caller]
    pub fn saved(&self) -> String {
        self.is(303).location.clone()
    }

    /// The page holds this text.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn has(&self, text: &str) -> &Self {
        let page = self.text();
        let status = self.status;
        assert!(
            page.contains(text),
            "「{text}」 is not in ({status}):\n{}",
            main_of(&page)
        );
        self
    }

    /// It does not.
    ///
    /// # Panics
    /// When it does.
    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Self {
        let page = self.text();
        assert!(
            !page.contains(text),
            "「{text}」 is in:\n{}",
            main_of(&page)
        );
        self
    }

    /// The status is this one.
    ///
    /// # Panics
    /// When it is another.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", main_of(&self.text()));
        self
    }

    /// Addresses in the page that begin so, each once.
    #[must_use]
    pub fn links(&self, start: &str) -> Vec<String> {
        let text = self.text();
        let mut found: Vec<String> = text
            .split("href=\"")
            .filter(|l| l.starts_with(start))
            .filter_map(|l| l.split('"').next())
            .map(|l| l.replace("&amp;", "&"))
            .collect();
        found.dedup();
        found
    }

    /// The first of them.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    #[must_use]
    pub fn link(&self, start: &str) -> String {
        let first = self.links(start).into_iter().next();
        first.unwrap_or_else(|| panic!("no link to {start}"))
    }

    /// The value of a hidden field; empty where there is none.
    #[must_use]
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        self.text()
            .split_once(&mark)
            .and_then(|(_, rest)| rest.split_once('"'))
            .map(|(value, _)| value.to_owned())
            .unwrap_or_default()
    }
}

/// What a failed test shows of a page.
fn main_of(text: &str) -> String {
    let main = text.split_once("<main").map_or(text, |(_, main)| main);
    main.chars().take(6000).collect()
}

/// One user's browser.
pub struct Browser {
    app: Router,
}

impl Browser {
    /// Of somebody who is signed in, at these routes.
    #[must_use]
    pub fn at(routes: Router<Engine>, ctx: &Ctx) -> Self {
        let app = routes
            .with_state(ctx.engine.clone())
            .layer(middleware::from_fn_with_state(ctx.engine.clone(), forms))
            .layer(Extension(ctx.clone()));
        Self { app }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await;
        let (parts, body) = response.expect("an answer").into_parts();
        let location = parts.headers.get(header::LOCATION);
        let location = location.and_then(|v| v.to_str().ok()).unwrap_or_default();
        Answer {
            status: parts.status,
            location: location.to_owned(),
            headers: parts.headers,
            bytes: to_bytes(body, LONGEST).await.expect("a body").to_vec(),
        }
    }

    /// Looks at a page.
    ///
    /// # Panics
    /// When the address is none.
    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    /// Sends a form.
    ///
    /// # Panics
    /// When the address is none.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::from("csrf=test-csrf");
        for (name, value) in fields {
            let [name, value] = [name, value].map(|t| utf8_percent_encode(t, NON_ALPHANUMERIC));
            body.push_str(&format!("&{name}={value}"));
        }
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(request.expect("a request")).await
    }

    /// Sends a form with a file.
    ///
    /// # Panics
    /// When the address is none.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        const PART: &str = "--xx\r\nContent-Disposition: form-data; name=";
        let mut body = Vec::new();
        for (name, value) in [("csrf", "test-csrf")].iter().chain(fields) {
            body.extend(format!("{PART}\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        let (name, bytes) = file;
        body.extend(format!("{PART}\"file\"; filename=\"{name}\"\r\n").bytes());
        body.extend(b"Content-Type: application/octet-stream\r\n\r\n");
        body.extend(bytes);
        body.extend(b"\r\n--xx--\r\n");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx")
            .body(Body::from(body));
        self.send(request.expect("a request")).await
    }

    /// Asks the API.
    ///
    /// # Panics
    /// When the address or the method is none.
    pub async fn json(&self, method: &str, path: &str, body: &serde_json::Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-csrf-token", "test-csrf")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()));
        self.send(request.expect("a request")).await
    }
}
