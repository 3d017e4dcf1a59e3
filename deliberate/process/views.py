"""Pages of process."""

from flask import Blueprint

blueprint = Blueprint("process", __name__)


@blueprint.get("/my-work")
def mine() -> str:
    return ""
