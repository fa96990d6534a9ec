//! What a browser does with files.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use engawa_kernel::context::Ctx;

use crate::scene::{Answer, go, respond};

/// Bytes of a page that is no text.
pub async fn fetch(ctx: &Ctx, path: &str) -> (StatusCode, Vec<u8>) {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    request.extensions_mut().insert(ctx.clone());
    let response = respond(&ctx.engine, request).await;
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, bytes.to_vec())
}

/// A form with a file.
pub async fn send_file(ctx: &Ctx, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("csrf", ctx.csrf())].iter().chain(fields) {
        body.extend(
            format!("--EDGE\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    body.extend(b"--EDGE\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.engawa-tsunagu\"\r\n\r\n");
    body.extend(file);
    body.extend(b"\r\n--EDGE--\r\n");
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=EDGE")
        .body(Body::from(body))
        .unwrap();
    go(ctx, request).await
}

/// A body that is no text, to the API.
pub async fn post_bytes(ctx: &Ctx, path: &str, bytes: &[u8]) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header("x-csrf-token", ctx.csrf())
        .body(Body::from(bytes.to_vec()))
        .unwrap();
    go(ctx, request).await
}
