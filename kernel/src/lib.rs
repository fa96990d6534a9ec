//! engawa-kernel
pub mod text;
