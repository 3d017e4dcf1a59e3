"""The formats in which a charter is published. A new format is one module and one line here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from charters.formats import as_akn, as_docx, as_html, as_json, as_jsonld, as_markdown, as_pdf
from charters.formats.publication import Minority, Publication
from charters.problems import CharterError
from charters.version import Version, check_follows


@dataclass(frozen=True)
class Format:
    """``suffix`` of the file name, media type, and the function that writes a publication.

    ``languages``: "one" per file, "pair" where two can stand side by side, "all" where a file holds every one.
    ``policy``: the content security policy that a page of this format needs, its own style allowed by hash.
    """

    suffix: str
    media_type: str
    write: Callable[[Publication], bytes]
    languages: str = "one"
    policy: str = ""


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = {
    "html": Format("html", "text/html; charset=utf-8", as_html.write, "pair", as_html.POLICY),
    "pdf": Format("pdf", "application/pdf", as_pdf.write),
    "docx": Format("docx", _DOCX, as_docx.write),
    "md": Format("md", "text/markdown; charset=utf-8", as_markdown.write, "pair"),
    "json": Format("json", "application/json", as_json.write, "all"),
    "akn": Format("akn.xml", "application/akn+xml", as_akn.write),
    "jsonld": Format("jsonld", "application/ld+json", as_jsonld.write, "all"),
}


def export(
    version: Version, format: str, lang: str, *, minority: Sequence[Minority] = (),
    preamble: Version | None = None, address: str = "", process: str = "", by: str = "",
    chain: Sequence[Version] = (), beside: str = "",
) -> bytes:  # fmt: skip
    """Publish a version in one language and format (a key of FORMATS).

    ``chain``: versions that led to this one, oldest first (itself may be among them); formats that tell the
    history tell it as far back as the chain goes. ``beside``: a second language, for formats that set a pair.
    Raises CharterError when the format is not known or sets no pair, when ``preamble`` is not the text the
    charter pins, or when the chain does not lead to the version.
    """
    write = format_named(format).write
    pairs = [name for name, known in FORMATS.items() if known.languages == "pair"]
    if beside and format not in pairs:
        raise CharterError(
            "The format %(format)s does not set two languages side by side. These do: %(formats)s.",
            format=format, formats=", ".join(pairs),
        )  # fmt: skip
    pinned = version.charter.preamble
    if preamble and (pinned is None or pinned.content != preamble.content):
        raise CharterError("The preamble given is not the one that this charter includes.")
    publication = Publication(
        version, lang, tuple(minority), preamble, address, process, by, _before(version, chain), beside
    )
    return write(publication)


def format_named(name: str) -> Format:
    """A format by its key; raises CharterError, naming those there are, when it is not known."""
    if name not in FORMATS:
        raise CharterError(
            "“%(format)s” is not a format. Choose among: %(formats)s.",
            format=name, formats=", ".join(FORMATS),
        )  # fmt: skip
    return FORMATS[name]


def _before(version: Version, chain: Sequence[Version]) -> tuple[Version, ...]:
    """The chain without the version itself."""
    before = tuple(one for one in chain if one.digest != version.digest)
    for parent, child in pairwise((*before, version)):
        check_follows(parent, child)
    return before
