//! The way of a request: one place reads bodies, checks the form's secret and sets the headers that
//! keep a page from talking to anyone else.

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Request, State},
    http::{HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use subtle::ConstantTimeEq as _;

use crate::{
    context::{Ctx, Engine, Via},
    error::{ApiError, Error, Result, Shown},
    form::{BadForm, MAX_FIELDS, Posted, Upload},
    saved::Saved,
};

/// Bytes of a posted form at most.
pub const FORM_LIMIT: usize = 2_000_000;
/// Bytes of an upload (an import) at most.
pub const UPLOAD_LIMIT: usize = 22_000_000;

/// Bytes of whatever somebody sends who is not signed in: a user name and a password. A whole
/// upload kept for each stranger would fill the memory.
pub const STRANGER_LIMIT: usize = 100_000;

/// An id or a year out of an address; anything else is a page that does not exist.
///
/// # Errors
/// [`Error::NotFound`]
pub fn id<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::NotFound)
}

/// Reads the body of a changing request, parses a form into [`Posted`] and checks the session's
/// secret: in the hidden field `csrf`, or in the header `x-csrf-token` for scripts. No handler can
/// be reached by a browser's POST that did not come from one of our own pages.
pub async fn forms(State(_): State<Engine>, request: Request, next: Next) -> Response {
    let ctx = request.extensions().get::<Ctx>().cloned();
    let tells = Saved::told(request.method(), request.headers()).is_some();
    let mut typed = None;
    let mut response = match read_form(request).await {
        Ok(request) => {
            typed = request
                .extensions()
                .get::<Posted>()
                .filter(|p| {
                    p.get("draft_key")
                        .is_some_and(|k| !k.is_empty() && k.len() <= 200)
                })
                .cloned();
            crate::audit::watch(ctx.as_ref(), next.run(request)).await
        }
        Err(e) => e.into_response(),
    };
    // What was not saved stays as a draft, also without scripts, whatever the reason was.
    let refused = response.status().is_client_error() || response.status().is_server_error();
    if let (Some(ctx), Some(posted), true) = (&ctx, typed, refused) {
        let key = posted.get("draft_key").unwrap_or_default().to_owned();
        if let Err(e) = crate::drafts::keep(ctx, &key, &posted).await {
            tracing::error!("keeping a refused form: {e}");
        }
    }
    if tells {
        Saved::forget(&mut response);
    }
    match (ctx, response.extensions().get::<Shown>()) {
        (Some(ctx), Some(shown)) => {
            (response.status(), shown.page(Some(&ctx.frame()))).into_response()
        }
        _ => response,
    }
}

async fn read_form(request: Request) -> Result<Request> {
    if matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    ) {
        return Ok(request);
    }
    let (mut parts, body) = request.into_parts();
    let kind = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let multipart = kind.starts_with("multipart/form-data");
    let known = parts.extensions.get::<Ctx>().is_some();
    let limit = match (known, multipart) {
        (false, _) => STRANGER_LIMIT,
        (true, true) => UPLOAD_LIMIT,
        (true, false) => FORM_LIMIT,
    };
    let bytes = read_body(body, limit).await?;
    let is_form = multipart || kind.starts_with("application/x-www-form-urlencoded");
    let posted = if multipart {
        read_multipart(&kind, bytes.clone()).await?
    } else if is_form {
        Posted::parse_urlencoded(&bytes).map_err(|e| Error::Invalid(e.to_string()))?
    } else {
        Posted::default()
    };
    if let Some(ctx) = parts.extensions.get::<Ctx>()
        && let Via::Session { csrf, .. } = &ctx.via
    {
        let header = parts
            .headers
            .get("x-csrf-token")
            .and_then(|v| v.to_str().ok());
        let given = header.or_else(|| posted.get("csrf")).unwrap_or_default();
        if !bool::from(given.as_bytes().ct_eq(csrf.as_bytes())) {
            // The text is kept as a draft where the form names one, so nothing typed is lost.
            if let Some(key) = posted
                .get("draft_key")
                .filter(|k| !k.is_empty() && k.len() <= 200)
            {
                let key = key.to_owned();
                crate::drafts::keep(ctx, &key, &posted).await?;
            }
            return Err(Error::Csrf);
        }
    }
    parts.extensions.insert(posted);
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// Bytes that are read and thrown away after the limit, so that the browser, which listens only
/// when it has sent everything, gets to see the refusal.
const DRAINED: usize = 64_000_000;

async fn read_body(body: Body, limit: usize) -> Result<bytes::Bytes> {
    use http_body_util::BodyExt as _;
    let mut body = body;
    let (mut kept, mut seen) = (bytes::BytesMut::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Error::Invalid("送信が途中で切れました。もう一度送ってください。".into())
        })?;
        if let Ok(data) = frame.into_data() {
            seen += data.len();
            if seen > DRAINED {
                break;
            }
            if seen <= limit {
                kept.extend_from_slice(&data);
            }
        }
    }
    if seen > limit {
        return Err(Error::TooLarge(limit as u64));
    }
    Ok(kept.freeze())
}

async fn read_multipart(kind: &str, bytes: bytes::Bytes) -> Result<Posted> {
    let bad = || {
        Error::Invalid("送られたファイルを読み取れませんでした。もう一度選んでください。".into())
    };
    let boundary = multer::parse_boundary(kind).map_err(|_| bad())?;
    let stream = http_body_util::BodyStream::new(http_body_util::Full::new(bytes));
    let stream = futures_frames(stream);
    let mut multipart = multer::Multipart::new(stream, boundary);
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    while let Some(field) = multipart.next_field().await.map_err(|_| bad())? {
        if pairs.len() + files.len() == MAX_FIELDS {
            return Err(Error::Invalid(BadForm::TooManyFields.to_string()));
        }
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|_| bad())?;
        match file {
            // Only the last part of the name: a path never leaves the folder it is meant for.
            Some(file) => files.push(Upload {
                field: name,
                file_name: file
                    .rsplit(['/', '\\'])
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
                bytes,
            }),
            None => pairs.push((
                name,
                String::from_utf8(bytes.to_vec()).map_err(|_| {
                    Error::Invalid("文字コードが正しくありません。UTF-8で送ってください。".into())
                })?,
            )),
        }
    }
    let mut posted = Posted::from_pairs(pairs);
    posted.files = files;
    Ok(posted)
}

fn futures_frames<B>(
    body: http_body_util::BodyStream<B>,
) -> impl futures_util::Stream<Item = Result<bytes::Bytes, std::convert::Infallible>>
where
    B: http_body::Body<Data = bytes::Bytes, Error = std::convert::Infallible> + Unpin,
{
    use futures_util::StreamExt as _;
    body.filter_map(|frame| async move { frame.map(|f| f.into_data().ok()).transpose() })
}

/// The posted form of a changing request.
impl<S: Send + Sync> FromRequestParts<S> for Posted {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts
            .extensions
            .remove::<Self>()
            .ok_or_else(|| Error::Invalid("フォームが送られていません。".into()))
    }
}

/// A JSON body of the API; a wrong one is told in Japanese, with the place.
#[derive(Debug)]
pub struct ApiJson<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> FromRequest<S> for ApiJson<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = bytes::Bytes::from_request(request, state)
            .await
            .map_err(|_| Error::TooLarge(FORM_LIMIT as u64))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|e| {
            ApiError(Error::Invalid(format!(
                "送られたJSONを読み取れませんでした({e})。"
            )))
        })
    }
}

/// Headers of every answer: nothing from elsewhere, nothing inline, nothing cached, no frames.
pub async fn headers(request: Request, next: Next) -> Response {
    let asset = request.uri().path().starts_with("/assets/");
    let encrypted = request
        .headers()
        .get("x-forwarded-proto")
        .is_some_and(|proto| proto == "https");
    let mut response = next.run(request).await;
    let h = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &'static str| {
        h.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'",
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(
        header::HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        header::HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    set(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=()",
    );
    if encrypted {
        // Who came by https once never comes without it again.
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if !asset {
        set(header::CACHE_CONTROL, "no-store");
    }
    response
}

/// After a saved form: to the page that shows it.
#[must_use]
pub fn see_other(path: &str) -> Response {
    axum::response::Redirect::to(path).into_response()
}
