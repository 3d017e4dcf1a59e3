"""Amendments followed together, carried over, and folded into one another."""
