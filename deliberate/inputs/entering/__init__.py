"""What groups and sheets of paper said, entered many at once."""
