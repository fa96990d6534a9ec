//! The stylesheet and the script, built from `web/` by `build.rs` and embedded in the binary.
//!
//! Addresses carry a hash of the contents (`/assets/3f9a…/app.css`), so a browser may keep a file
//! for ever and still gets the new one after an update.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

static DIST: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../web/dist");

/// Hash over the names and contents of all files, as 16 hexadecimal digits.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut files: Vec<_> = DIST.files().collect();
    files.sort_by_key(|file| file.path());
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.path().as_os_str().as_encoded_bytes());
        hash.update([0]);
        hash.update(file.contents());
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
});

/// The address of a file, for `href` and `src`.
#[must_use]
pub fn href(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// Serves the embedded files under `/assets/`, without a session.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new().route("/assets/{version}/{name}", get(serve))
}

async fn serve(Path((version, name)): Path<(String, String)>) -> Response {
    let Some(file) = DIST.get_file(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A page from before an update still gets a file, but must not remember it as the old one.
    let cache = if version == *VERSION {
        "public, max-age=31536000, immutable"
    } else {
        "no-store"
    };
    let headers = [
        (header::CONTENT_TYPE, content_type(&name)),
        (header::CACHE_CONTROL, cache),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, file.contents()).into_response()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    async fn get_asset(address: &str) -> Response {
        let request = Request::get(address).body(Body::empty()).unwrap();
        routes::<()>().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn the_address_of_a_page_is_kept_for_ever() {
        let answer = get_asset(&href("app.css")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/css; charset=utf-8");
        assert!(
            answer.headers()["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let text = std::str::from_utf8(&body).unwrap();
        assert!(text.len() > 1_000 && !text.contains("@import") && !text.contains("url(http"));
    }

    #[tokio::test]
    async fn an_old_address_still_works_but_is_not_kept() {
        let answer = get_asset("/assets/old/app.js").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(
            answer.headers()["content-type"],
            "text/javascript; charset=utf-8"
        );
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }

    #[tokio::test]
    async fn only_built_files_are_served() {
        assert_eq!(
            get_asset("/assets/x/..%2Fpackage.json").await.status(),
            StatusCode::NOT_FOUND
        );
    }
}
