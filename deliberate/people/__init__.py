"""Accounts, sign-in by mailed link or printed code, pseudonyms and erasure."""
