"""Open input: questions and answers, lessons, synthesis, dossiers, and what became of each contribution."""
