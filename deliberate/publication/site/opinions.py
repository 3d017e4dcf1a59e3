"""Pages of a bundle on the opinion maps of closed rounds."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from deliberate.inputs.opinions import picture
from deliberate.inputs.opinions.queries import closed_maps
from deliberate.inputs.statements.queries import statements_of
from deliberate.process.models import Process
from deliberate.publication.site.rendering import Page, page


def opinion_pages(session: Session, process: Process, files: Mapping[str, bytes]) -> Iterator[Page]:
    """A page for each map that the bundle holds; `files`: the rest of the bundle."""
    maps = [one for one in closed_maps(session, process) if f"opinions/{one.round}.json" in files]
    for found in maps:
        folder = f"opinions/{found.round}/"
        yield page(
            f"opinions-{found.round}",
            "opinions",
            shown=found,
            report=found.report,
            cells={row["number"]: row for row in found.report["statements"]},
            texts={one.number: one for one in statements_of(session, process, found.round)},
            drawing=picture.drawing(found.picture["dots"], picture.LETTERS),
            key_shape=picture.key_shape,
            rounds=[one.round for one in maps],
            files=[path.removeprefix(folder) for path in sorted(files) if path.startswith(folder)],
            you=None,
            turned=None,
            waiting=False,
            current=True,
        )
