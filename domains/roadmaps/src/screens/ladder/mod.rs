//! The screens under `/roadmaps/ladder`: 成果の4段階.

mod picture;
pub mod settings;
pub mod show;
pub mod standing;
pub mod statement;

/// The page above the others.
const ABOVE: (&str, &str) = ("/roadmaps/ladder", "成果の4段階");
