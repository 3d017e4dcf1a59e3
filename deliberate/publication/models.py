"""Tables of publication."""
