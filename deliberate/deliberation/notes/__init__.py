"""What tables ask to be kept of their talk."""
