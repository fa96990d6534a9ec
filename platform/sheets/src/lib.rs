//! engawa-sheets
