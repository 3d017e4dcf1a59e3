"""Fairest chances, the panels that reach them, and the proof that none are fairer."""
