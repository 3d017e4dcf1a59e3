"""The commands of ``python -m sortition``, a module each: ``add`` registers it, ``run`` does it."""
