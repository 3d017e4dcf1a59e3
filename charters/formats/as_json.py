"""The canonical source: the published version, with what stands outside its digests beside it."""

from charters.canonical import canonical
from charters.formats.publication import Publication, minority_to_json
from charters.version import version_to_json


def write(publication: Publication) -> bytes:
    """Canonical JSON of the version (see ``charters.version``), with its minority statements."""
    value = version_to_json(publication.version)
    value["non_binding"] = True
    value["minority"] = [minority_to_json(statement) for statement in publication.minority]
    return canonical(value) + b"\n"
