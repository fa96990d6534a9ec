//! engawa-identity
