"""The dossier of a round: what its deliberation works from."""
