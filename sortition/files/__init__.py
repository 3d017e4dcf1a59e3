"""Files as people keep them, and the folder of a lottery."""
