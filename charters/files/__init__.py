"""Charters as files: JSON, Markdown, and the schemas of both."""
