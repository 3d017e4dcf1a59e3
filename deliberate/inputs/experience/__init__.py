"""The experience bank: what was tried elsewhere and what it taught, failures included."""
