"""Statements to vote on: short sentences, who votes, and what they said."""
