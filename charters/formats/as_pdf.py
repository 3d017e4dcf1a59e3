"""A charter as a tagged PDF (PDF/UA-1): title page, text, minority statements, version and code in the footer."""

from pathlib import Path
from typing import Any

from charters.formats.layout import lay_out, set_minority, visible
from charters.formats.publication import OF_PREAMBLE, Publication, preamble_title
from charters.formats.typesetting import region, set_pdf

_TEMPLATE = Path(__file__).with_name("charter.typ").read_text("utf-8")


def write(publication: Publication) -> bytes:
    """The charter as a PDF; what it says of when it was made is the day its version was adopted."""
    return set_pdf(_TEMPLATE, _data(publication), publication.version.date)


def _data(publication: Publication) -> dict[str, Any]:
    version, preamble, words = publication.version, publication.preamble, publication.words
    data: dict[str, Any] = {
        "lang": publication.lang.split("-")[0],
        "region": region(publication.lang),
        "title": visible(publication.title),
        "short_title": visible(publication.short_title),
        "adopted": publication.adopted,
        "process": visible(publication.process),
        "by": f"{words['by']} {visible(publication.by)}" if publication.by else "",
        "address": visible(publication.address),
        "number": publication.numbered(version),
        "content": version.content,
        "digest": version.digest,
        "groups": lay_out(version.charter, publication),
        "general": [set_minority(publication, statement) for statement in publication.about(None)],
        "words": dict(words),
        "preamble": None,
    }
    if preamble:
        title = visible(preamble_title(publication, preamble))
        number = publication.numbered(preamble)
        groups = lay_out(preamble.charter, publication, OF_PREAMBLE)
        data["preamble"] = {"title": title, "number": number, "content": preamble.content, "groups": groups}
    return data
