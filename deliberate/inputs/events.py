"""What the hall of the open input announces."""

from deliberate.inputs.models import Contribution


class ContributionTakenBack:
    """Announced before the words of a contribution are erased: copies of them that stand elsewhere must go too."""

    def __init__(self, contribution: Contribution) -> None:
        self.contribution = contribution
