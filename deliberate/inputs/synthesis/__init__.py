"""The synthesis: contributions placed on a grid, and lines written over them."""
