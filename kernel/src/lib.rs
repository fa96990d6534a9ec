//! engawa-kernel
