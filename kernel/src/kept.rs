//! What domains keep in memory beside the database, one of each type for a running Engawa: figures
//! that are costly to read. It must be possible to make it anew at any time.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// See above.
#[derive(Default)]
pub struct Kept(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Kept {
    /// The one of this type; made when it is asked for the first time.
    #[must_use]
    pub fn of<T: Any + Send + Sync + Default>(&self) -> Arc<T> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = all
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(T::default()));
        // What stands under a type is of it.
        Arc::clone(one).downcast().unwrap_or_default()
    }
}
