"""What a lottery can be checked with: the standard library alone."""
