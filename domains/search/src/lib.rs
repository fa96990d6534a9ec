//! engawa-search
