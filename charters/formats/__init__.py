"""Publication formats of a charter: one module per format, and a registry."""
