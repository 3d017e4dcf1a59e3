"""Sessions of the panel: agenda, who is there."""
