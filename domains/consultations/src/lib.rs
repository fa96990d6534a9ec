//! engawa-consultations
