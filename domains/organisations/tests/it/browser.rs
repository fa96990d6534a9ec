//! A browser for tests: one user, the real routes, the real form guard.

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use engawa_kernel::{access::Role, context::Ctx, error::Result, http::forms, testing::Town};
use tower::ServiceExt as _;

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
    /// The page holds this text.
    #[track_caller]
    pub fn has(&self, text: &str) -> &Self {
        assert!(
            self.text().contains(text),
            "「{text}」 is not in ({}):\n{}",
            self.status,
            main_of(&self.text())
        );
        self
    }
    /// It does not.
    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Self {
        assert!(
            !self.text().contains(text),
            "「{text}」 is in:\n{}",
            main_of(&self.text())
        );
        self
    }
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", main_of(&self.text()));
        self
    }
    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let mark = format!("name=\"{name}\" value=\"");
        text.split_once(&mark)
            .and_then(|(_, rest)| rest.split_once('"'))
            .map(|(value, _)| value.to_owned())
            .unwrap_or_default()
    }
}

fn main_of(text: &str) -> String {
    text.split_once("<main")
        .map_or(text, |(_, m)| m)
        .chars()
        .take(6000)
        .collect()
}

/// One user's browser.
pub struct Browser {
    app: Router,
}

impl Browser {
    pub fn of(ctx: &Ctx) -> Self {
        let (api, _) = engawa_organisations::api().split_for_parts();
        let app = Router::new()
            .merge(engawa_organisations::routes())
            .nest("/api/v1", api)
            .with_state(ctx.engine.clone())
            .layer(axum::middleware::from_fn_with_state(
                ctx.engine.clone(),
                forms,
            ))
            .layer(Extension(ctx.clone()));
        Self { app }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let location = response
            .headers()
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let bytes = to_bytes(response.into_body(), 50_000_000)
            .await
            .unwrap()
            .to_vec();
        Answer {
            status,
            location,
            bytes,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::from("csrf=test-csrf");
        for (name, value) in fields {
            let enc = |t: &str| {
                percent_encoding::utf8_percent_encode(t, percent_encoding::NON_ALPHANUMERIC)
                    .to_string()
            };
            body.push_str(&format!("&{}={}", enc(name), enc(value)));
        }
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// Fills a form in and follows to the page that shows what was saved; returns its address.
    #[track_caller]
    pub fn saved(&self, answer: &Answer) -> String {
        answer.is(303);
        answer.location.clone()
    }

    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let mut body = Vec::new();
        for (name, value) in [("csrf", "test-csrf")].iter().chain(fields) {
            body.extend(
                format!(
                    "--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .bytes(),
            );
        }
        body.extend(format!("--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: application/octet-stream\r\n\r\n", file.0).bytes());
        body.extend(file.1);
        body.extend(b"\r\n--xx--\r\n");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }
}

/// The administrator's browser of a town with the shipped lists.
pub async fn admin(town: &Town) -> Result<(Ctx, Browser)> {
    let ctx = town.staff("見本 管理", Role::Admin, town.desk).await?;
    let mut tx = ctx.write().await?;
    engawa_organisations::seed(&mut tx, &ctx).await?;
    engawa_organisations::seed(&mut tx, &ctx).await?;
    tx.commit().await?;
    let browser = Browser::of(&ctx);
    Ok((ctx, browser))
}

/// A body, a desk and staff, as an administrator would enter them.
pub async fn small_town(b: &Browser) {
    b.saved(
        &b.post(
            "/organisations/bodies/new",
            &[
                ("code", "B1"),
                ("name", "縁側市社会福祉協議会"),
                ("kind", "social_welfare_council"),
                ("alias[0].name", "みどり社協"),
            ],
        )
        .await,
    );
    b.saved(
        &b.post(
            "/organisations/desks/new",
            &[
                ("code", "D1"),
                ("name", "くらし相談窓口"),
                ("nickname", "まるっと"),
                ("body", "B1"),
                ("mode", "commissioned"),
                ("phone", "00-0000-0001"),
                ("valid_from", "R8.4.1"),
                ("function[0].function", "general_welfare"),
                ("function[0].state", "in_force"),
                ("function[0].since", "R8.4.1"),
            ],
        )
        .await,
    );
    for (code, name) in [("S1", "見本 太郎"), ("S2", "例示 花子")] {
        b.saved(
            &b.post(
                "/organisations/staff/new",
                &[
                    ("code", code),
                    ("name", name),
                    ("qualification[0].code", "social_worker"),
                    ("qualification[0].obtained", "H30.4.1"),
                ],
            )
            .await,
        );
    }
}
