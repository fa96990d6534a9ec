//! engawa-rooms
