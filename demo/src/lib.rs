//! engawa-demo
