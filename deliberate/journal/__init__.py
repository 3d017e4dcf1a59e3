"""The public journal: an append-only, hash-chained record of every act, one chain per process and one for the instance."""
