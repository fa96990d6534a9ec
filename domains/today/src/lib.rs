//! engawa-today
