"""Tables for a session: who sits with whom, over several rounds, so that people meet as many others as possible."""

from sortition.tables.assignment import ContradictionError, tables
from sortition.tables.plan import Limit, Tables
from sortition.tables.repair import repair

__all__ = ["ContradictionError", "Limit", "Tables", "repair", "tables"]
