"""What differs between two charters, for merging and for people."""
