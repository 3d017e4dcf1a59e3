"""The blueprint that every page of deliberation hangs on, and what its pages share."""

from flask import Blueprint

from deliberate.core import web
from deliberate.deliberation.ballots.models import Ballot

blueprint = Blueprint("deliberation", __name__)


@blueprint.app_template_global("ballot_subject")
def ballot_subject(ballot: Ballot) -> str | None:
    """The address of what a ballot decides, for those whom its page lets in."""
    kind, _, rest = ballot.subject.partition(":")
    slug, key = ballot.process.slug, rest.partition(":")[0]
    endpoint = "drafting.amendment" if kind == "amendment" else "drafting.merging"
    return web.url_if(endpoint, slug=slug, key=key)
