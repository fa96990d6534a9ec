//! A case in a town, and a browser in front of the routes.

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    middleware,
};
use engawa_kernel::{
    access::{self, NewRoom, Role, RoomKey, RoomKind},
    context::Ctx,
    db::sql,
    error::{Error, Result},
    form::Posted,
    http::forms,
    id::{PersonId, StaffId},
    testing::Town,
};
use tower::ServiceExt as _;

/// The owner, the owner's supervisor, and people of another body.
pub struct Cast {
    pub owner: Ctx,
    pub supervisor: Ctx,
    pub other: Ctx,
    pub clerk: Ctx,
    pub auditor: Ctx,
}

pub async fn cast(town: &Town) -> Result<Cast> {
    let cast = Cast {
        owner: town.staff("見本 主担当", Role::Worker, town.desk).await?,
        supervisor: town.staff("見本 係長", Role::Supervisor, town.desk).await?,
        other: town
            .staff("例示 相談員", Role::Worker, town.other_desk)
            .await?,
        clerk: town
            .staff("例示 受付", Role::Clerk, town.other_desk)
            .await?,
        auditor: town
            .staff("架空 監査", Role::Auditor, town.other_desk)
            .await?,
    };
    let mut tx = cast.owner.write().await?;
    engawa_organisations::seed(&mut tx, &cast.owner).await?;
    tx.commit_unaudited().await?;
    Ok(cast)
}

/// A case of the owner about one person.
pub async fn case(ctx: &Ctx, number: &str, sealed: Option<&str>) -> Result<(RoomKey, PersonId)> {
    let posting = ctx.actor.posting()?.clone();
    let person = PersonId::new();
    let mut tx = ctx.write().await?;
    let key = access::found(
        &mut tx,
        ctx,
        NewRoom {
            kind: RoomKind::Case,
            number: number.into(),
            owner_desk: posting.desk.ok_or(Error::NotFound)?,
            owner_posting: Some(posting.id),
            sealed: sealed.map(str::to_owned),
        },
    )
    .await?;
    access::link_person(&mut tx, ctx, &key, person).await?;
    tx.commit().await?;
    Ok((key, person))
}

pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub text: String,
}

impl Answer {
    /// The idempotency token of the first form on the page.
    pub fn once(&self) -> String {
        let field = r#"name="once" value=""#;
        let Some(at) = self.text.find(field) else {
            return String::new();
        };
        self.text[at + field.len()..]
            .split('"')
            .next()
            .unwrap_or_default()
            .to_owned()
    }
}

async fn send(ctx: &Ctx, request: Request<Body>) -> Answer {
    let app: Router = engawa_rooms::routes()
        .merge(Router::from(engawa_rooms::api()))
        .layer(middleware::from_fn_with_state(ctx.engine.clone(), forms))
        .layer(Extension(ctx.clone()))
        .with_state(ctx.engine.clone());
    let response = app.oneshot(request).await.unwrap_or_default();
    let status = response.status();
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let bytes = to_bytes(response.into_body(), 10_000_000)
        .await
        .unwrap_or_default();
    Answer {
        status,
        location,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

pub async fn get(ctx: &Ctx, path: &str) -> Answer {
    let request = Request::get(path).body(Body::empty()).unwrap_or_default();
    send(ctx, request).await
}

/// Posts fields as a browser does, with the form's secret.
pub async fn post(ctx: &Ctx, path: &str, fields: &[(&str, &str)]) -> Answer {
    let encode = |t: &str| t.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let mut body: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    body.push(format!("csrf={}", ctx.csrf()));
    debug_assert!(Posted::parse_urlencoded(body.join("&").as_bytes()).is_ok());
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.join("&")))
        .unwrap_or_default();
    send(ctx, request).await
}

/// Notices of a kind that a staff member has.
pub async fn notices(ctx: &Ctx, staff: StaffId, kind: &'static str) -> Result<i64> {
    ctx.read()
        .await?
        .count(
            sql("select count(*) as n from notice where staff_id = :staff and kind = :kind")
                .bind("staff", staff)
                .bind("kind", kind),
        )
        .await
}
