"""Processes: remit, protocol, rounds and phases, roles, and who may do what in which phase."""
