//! Sign-in as a browser sees it, on both databases. One file per URL.

// Helpers of tests are tests too; clippy only sees that of functions marked `#[test]`.
#![allow(clippy::unwrap_used)]

mod account_mail;
mod account_password;
mod account_sessions;
mod account_tokens;
mod account_totp;
mod accounts;
mod accounts_list;
mod accounts_new;
mod accounts_one;
mod accounts_rules;
mod api_v1_accounts;
mod api_v1_me;
mod browser;
mod lock;
mod login;
mod login_code;
mod logout;
mod session_end;
