"""Where each word of a charter came from, and what became of each clause."""
