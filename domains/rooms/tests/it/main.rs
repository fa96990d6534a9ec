//! One file per URL under `/rooms`; each test on SQLite and on PostgreSQL.

mod audit;
mod break_glass;
mod conflicts;
mod keys;
mod log;
mod support;
