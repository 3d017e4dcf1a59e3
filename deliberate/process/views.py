"""Pages of process."""

from flask import Blueprint

blueprint = Blueprint("process", __name__)
