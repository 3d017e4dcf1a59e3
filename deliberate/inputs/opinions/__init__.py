"""The opinion map: who votes alike, what brings groups together and what divides them."""
