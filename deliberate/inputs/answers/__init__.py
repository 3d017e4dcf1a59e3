"""You said, we did: what became of each contribution."""
