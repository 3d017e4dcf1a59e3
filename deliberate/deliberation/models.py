"""Tables of deliberation."""
