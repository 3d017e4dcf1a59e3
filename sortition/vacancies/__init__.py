"""Who takes a seat that falls empty."""
