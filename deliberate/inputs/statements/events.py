"""What the voting announces."""

from deliberate.process.models import Process


class VotesChanged:
    """Announced when votes of a round were recorded, changed or taken back, in their transaction."""

    def __init__(self, process: Process, round: int) -> None:
        self.process, self.round = process, round
