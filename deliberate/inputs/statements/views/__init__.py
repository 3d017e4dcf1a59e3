"""Pages of the voting, one module per errand."""

from deliberate.inputs.statements.views import appealing, desk, mine, proposing, reading, voting

# Importing a module of pages is what puts them at their addresses.
__all__ = ["appealing", "desk", "mine", "proposing", "reading", "voting"]
