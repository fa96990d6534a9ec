//! engawa-cases
