"""Letters to contributors who asked to be told what became of their words."""
