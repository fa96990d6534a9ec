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
    /// The first address in the page that begins so.
    pub fn link(&self, start: &str) -> String {
        let text = self.text();
        let mark = format!("href=\"{start}");
        let (_, rest) = text
            .split_once(&mark)
            .unwrap_or_else(|| panic!("no link to {start}"));
        format!("{start}{}", rest.split('"').next().unwrap_or_default())
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
    api: Router,
}

impl Browser {
    pub fn of(ctx: &Ctx) -> Self {
        // A program sends a token, no form's secret.
        let (api, _) = engawa_roadmaps::api().split_for_parts();
        let api = api
            .with_state(ctx.engine.clone())
            .layer(Extension(ctx.clone()));
        let app = Router::new()
            .merge(engawa_roadmaps::routes())
            .with_state(ctx.engine.clone())
            .layer(axum::middleware::from_fn_with_state(
                ctx.engine.clone(),
                forms,
            ))
            .layer(Extension(ctx.clone()));
        Self { app, api }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        Self::answer(self.app.clone(), request).await
    }

    async fn answer(app: Router, request: Request<Body>) -> Answer {
        let response = app.oneshot(request).await.unwrap();
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

    /// Sends JSON with this method.
    pub async fn json(
        &self,
        method: &str,
        path: &str,
        body: serde_json::Value,
    ) -> (u16, serde_json::Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/roadmaps{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let answer = Self::answer(self.api.clone(), request).await;
        let body = serde_json::from_slice(&answer.bytes).unwrap_or_default();
        (answer.status.as_u16(), body)
    }

    /// Fills a form in and follows to the page that shows what was saved; returns its address.
    #[track_caller]
    pub fn saved(&self, answer: &Answer) -> String {
        answer.is(303);
        answer.location.clone()
    }
}

/// Two planners and a worker of a town with the shipped lists: (administrator, coordinator, worker).
pub async fn people(town: &Town) -> Result<(Ctx, Ctx, Ctx)> {
    let admin = town.staff("見本 管理", Role::Admin, town.desk).await?;
    let coordinator = town
        .staff("見本 推進", Role::Coordinator, town.desk)
        .await?;
    let worker = town.staff("例示 相談", Role::Worker, town.desk).await?;
    let mut tx = admin.write().await?;
    engawa_organisations::seed(&mut tx, &admin).await?;
    engawa_organisations::found_own_body(&mut tx, &admin, "縁側市").await?;
    tx.commit().await?;
    Ok((admin, coordinator, worker))
}
