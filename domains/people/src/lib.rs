//! engawa-people
