"""A settled dossier with the words that have not been withdrawn: what page, PDF and JSON show alike."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from deliberate.inputs.dossiers.models import Dossier
from deliberate.inputs.experience.queries import as_record, lessons_by_key
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import contributions_by_key
from deliberate.inputs.rules import folded
from deliberate.inputs.statements.models import Statement
from deliberate.inputs.statements.queries import COUNTED, STATES, statements_of
from deliberate.journal.canonical import digest


@dataclass(frozen=True)
class Reading:
    """A dossier and its words, by key: of contributions and statements as they stand, of lessons as they stood.

    `reviews` has what members of the mixed board said, by line and place: `s-8f3k2a/1`.
    """

    dossier: Dossier
    contributions: dict[str, Contribution]
    statements: dict[str, Statement] = field(default_factory=dict)
    lessons: dict[str, dict[str, Any]] = field(default_factory=dict)
    reviews: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        """What the digest is over."""
        return self.dossier.content

    def words_of(self, key: str) -> str | None:
        """The words of a contribution; None when they were withdrawn or taken down."""
        one = self.contributions.get(key)
        return one.text if one is not None and one.state == "published" else None

    def statement(self, key: str) -> dict[str, str] | None:
        """The words of a statement; None when they were withdrawn or taken down."""
        one = self.statements.get(key)
        return one.text if one is not None and one.state in COUNTED else None

    def texts(self) -> dict[str, Any]:
        """Every text that is left, as plain data."""
        words = {key: text for key in self.contributions if (text := self.words_of(key)) is not None}
        said = {key: one for key in self.statements if (one := self.statement(key)) is not None}
        return {
            "contributions": words,
            "statements": said,
            "lessons": self.lessons,
            "reviews": self.reviews,
        }


def read(session: Session, dossier: Dossier) -> Reading:
    """The words of a dossier, as far as they may still be read."""
    content, process = dossier.content, dossier.process
    keys = [one["key"] for one in content["contributions"]]
    wanted = {one["key"] for one in content.get("statements", [])}
    statements = statements_of(session, process, dossier.round, STATES) if wanted else []
    return Reading(
        dossier,
        contributions_by_key(session, process, keys),
        {one.key: one for one in statements if one.key in wanted},
        _lessons(session, dossier),
        dict(dossier.texts.get("reviews", {})),
    )


def _lessons(session: Session, dossier: Dossier) -> dict[str, dict[str, Any]]:
    """The lessons as they were settled: of those that are still public."""
    listed = dossier.content["lessons"]
    public = lessons_by_key(session, dossier.process, [one["key"] for one in listed])
    kept = dossier.texts.get("lessons", {})
    found = {}
    for one in listed:
        if one["key"] not in public:
            continue
        now = as_record(public[one["key"]])
        # Dossiers of the first release hold the lesson itself; one shown again after an appeal is kept nowhere else.
        text = kept.get(one["key"]) or (one if "title" in one else None)
        if text is not None or digest("lesson", now) == one["digest"]:
            found[one["key"]] = text or now
    return found


def holding(reading: Reading, words: str) -> list[dict[str, Any]]:
    """The contributions of a dossier that hold every word, in the order of the dossier; all when none is given."""
    wanted = folded(words).split()[:10]
    listed: list[dict[str, Any]] = reading.content["contributions"]
    if not wanted:
        return listed
    return [
        one
        for one in listed
        if (said := reading.words_of(one["key"])) is not None and all(word in folded(said) for word in wanted)
    ]
