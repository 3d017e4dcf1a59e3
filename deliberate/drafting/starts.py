"""First texts for new charters: they ship with the application, bind nobody, and are there to be changed."""

from functools import cache
from importlib.resources import files

from charters.files.markdown import read_markdown
from charters.model import Charter
from deliberate.core.errors import N_

NAMES = {
    "preamble": N_("Common preamble"),
    "time": N_("Charter of time"),
    "commons": N_("Charter of the commons"),
    "democracy": N_("Charter of democracy"),
    "knowledge": N_("Charter of knowledge"),
    "rights": N_("Charter of rights and responsibilities"),
}


@cache
def start(name: str) -> Charter:
    """The first text that ships under a name. Raises KeyError for another name."""
    if name not in NAMES:
        raise KeyError(name)
    return read_markdown((files("deliberate.drafting") / "templates" / f"{name}.md").read_text("utf-8"))
