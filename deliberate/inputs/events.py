"""What the hall of the open input announces."""

from deliberate.inputs.models import Contribution


class ContributionTakenBack:
    """Announced before the words of a contribution are erased: copies of them that stand elsewhere must go too.

    `kept` are the words that take their place when they are corrected.
    """

    def __init__(self, contribution: Contribution, kept: str = "") -> None:
        self.contribution, self.kept = contribution, kept
