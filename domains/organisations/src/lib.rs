//! engawa-organisations
