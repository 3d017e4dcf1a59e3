"""Full text in many languages behind one interface, on SQLite (FTS5) and on PostgreSQL (tsvector) alike.

Words are folded and stemmed here, so that both databases find the same: `words` makes tokens, `asking` reads what was
typed, `passages` marks what was found, `models` and `index` keep the index, `following` has it follow the tables.
"""
