"""Moderation: what waits, what was decided and why."""
