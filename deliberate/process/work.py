"""Where those who hold a role find their work in a process."""

from collections.abc import Iterable

from deliberate.core import web
from deliberate.core.errors import N_
from deliberate.process.rules import may

DESK = ("process.desk", N_("Organiser’s desk"))
# Capability, object, and the page where it is used: who has it when is said by the matrix.
PAGES = (
    ("see", "amendment", ("deliberation.my_panel", N_("My panel"))),
    ("enter", "contribution", ("inputs.paper", N_("Paper and workshops"))),
    ("moderate", "contribution", ("inputs.moderation", N_("Moderation"))),
    ("change", "statement", ("inputs.statements_desk", N_("Statements"))),
    ("change", "synthesis", ("inputs.board", N_("Synthesis"))),
    ("review", "line", ("inputs.board", N_("Lines put to the mixed board"))),
    ("create", "answer", ("inputs.missing_answers", N_("Answering contributions"))),
    ("sign", "pool", ("panels.pool", N_("Volunteers"))),
    ("decide", "appeal", ("inputs.appeals", N_("Appeals"))),
)


def work(slug: str, situation: str, roles: Iterable[str]) -> list[tuple[str, str]]:
    """Addresses and labels for those who hold these roles in a situation. The organiser's desk leads to its own pages."""
    others = frozenset(roles) - {"organiser"}
    found = [DESK] if "organiser" in roles else []
    found += [page for capability, thing, page in PAGES if may(situation, thing, others, capability)]
    return [
        (address, label)
        for endpoint, label in found
        if (address := web.url_if(endpoint, slug=slug)) is not None
    ]
