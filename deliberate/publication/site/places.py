"""Where the pages of a bundle stand. All of a language lie in one folder, so that every link is relative and short."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from deliberate.publication.documents import file_name

PER_PAGE = 300  # entries of the journal, or contributions, on one page


SHEETS = ("style.css", "opinions.css")


class NowhereError(LookupError):
    """A page asked for the address of something that a bundle does not hold."""


@dataclass(frozen=True)
class Places:
    """What a bundle of one process holds, and so what its pages can lead to.

    `versions`: charter → its published numbers; `amendments`: adopted amendment → its charter; `contributions`: key →
    the page of the list on which it stands.
    """

    slug: str
    versions: Mapping[str, tuple[int, ...]]
    amendments: Mapping[str, str] = field(default_factory=dict)
    contributions: Mapping[str, int] = field(default_factory=dict)
    lessons: frozenset[str] = frozenset()
    ballots: frozenset[int] = frozenset()
    dossiers: frozenset[int] = frozenset()
    clauses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    adoptions: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()

    def url_if(self, endpoint: str, **values: Any) -> str | None:
        """The address, from any page, of what stands at an endpoint of the application; None where a bundle has none."""
        anchor = values.pop("_anchor", None)
        if values.pop("slug", self.slug) != self.slug:
            return None
        found = getattr(self, "_" + endpoint.replace(".", "_"), None)
        address = found(**values) if found else FIXED.get(endpoint)
        return f"{address}#{anchor}" if address and anchor and "#" not in address else address

    def url_for(self, endpoint: str, **values: Any) -> str:
        """The same, for what must be there. Raises NowhereError."""
        address = self.url_if(endpoint, **values)
        if address is None:
            raise NowhereError(f"{endpoint} {values}")
        return address

    def compared(self, charter: str) -> list[tuple[int, int]]:
        """The pairs of versions that have a page: neighbours, and each with the one in force."""
        known = self.versions[charter]
        pairs = [*pairwise(known), *((number, known[-1]) for number in known[:-1])]
        return sorted(set(pairs))

    def _static(self, filename: str, **_: Any) -> str | None:
        return f"../{filename}" if filename in SHEETS else None

    def _publication_charter(self, key: str, **_: Any) -> str | None:
        return f"charter-{key}.html" if self.versions.get(key) else None

    def _publication_version(self, key: str, number: int, **_: Any) -> str | None:
        return f"version-{key}-{number}.html" if number in self.versions.get(key, ()) else None

    def _publication_history(self, key: str, **_: Any) -> str | None:
        return f"history-{key}.html" if self.versions.get(key) else None

    def _publication_compare(self, key: str, **asked: Any) -> str | None:
        pair = (asked.get("from"), asked.get("to"))
        known = key in self.versions and pair in self.compared(key)
        return f"compare-{key}-{pair[0]}-{pair[1]}.html" if known else None

    def _publication_clause(self, key: str, id: str, **_: Any) -> str | None:
        return f"lives-{key}.html#{id}" if id in self.clauses.get(key, ()) else None

    def _publication_version_file(self, key: str, number: int, format: str, lang: str = "", **_: Any) -> str:
        return f"../charters/{key}/{file_name(number, format, lang)}"

    def _publication_journal(self, page: int = 1, **_: Any) -> str:
        return f"journal-{page}.html"

    def _publication_adoption(self, key: str, **_: Any) -> str | None:
        return f"adoptions.html#{key}" if key in self.adoptions else None

    def _drafting_amendment(self, key: str, **_: Any) -> str | None:
        charter = self.amendments.get(key)
        return f"amendments-{charter}.html#{key}" if charter else None

    def _inputs_contribution(self, key: str, **_: Any) -> str | None:
        page = self.contributions.get(key)
        return f"contributions-{page}.html#{key}" if page else None

    def _inputs_line(self, key: str, **_: Any) -> str | None:
        return f"synthesis.html#{key}" if key in self.lines else None

    def _inputs_lesson(self, key: str, **_: Any) -> str | None:
        return f"lessons.html#{key}" if key in self.lessons else None

    def _deliberation_ballot(self, number: int, **_: Any) -> str | None:
        return f"ballots.html#ballot-{number}" if number in self.ballots else None

    def _inputs_dossier(self, round: int, **_: Any) -> str | None:
        return f"dossiers.html#round-{round}" if round in self.dossiers else None


# Endpoint → page, where the page depends on nothing.
FIXED = {
    "publication.process": "index.html",
    "publication.protocol": "protocol.html",
    "publication.charters": "charters.html",
    "publication.verification": "verification.html",
    "publication.adoptions": "adoptions.html",
    "panels.panel": "panel.html",
    "inputs.contributions": "contributions-1.html",
    "inputs.lessons": "lessons.html",
    "inputs.board": "synthesis.html",
    "inputs.moderation_log": "moderation.html",
    "deliberation.ballots": "ballots.html",
}
