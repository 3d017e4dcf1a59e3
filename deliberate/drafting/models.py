"""Tables of drafting."""
