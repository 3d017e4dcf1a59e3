"""The commands of ``python -m charters``, a module each: ``add`` registers it, ``run`` does it."""
