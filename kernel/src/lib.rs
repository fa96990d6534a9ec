//! engawa-kernel

pub mod assets;
pub mod components;
pub mod form;
pub mod page;
