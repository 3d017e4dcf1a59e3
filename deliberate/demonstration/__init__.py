"""The demonstration: a whole process replayed through the acts, from files that a person can read and edit."""
