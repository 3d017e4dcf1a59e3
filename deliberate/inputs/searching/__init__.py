"""Finding words in everything that the open input made public: contributions, lessons, synthesis, statements."""
