"""Pages of deliberation."""

from flask import Blueprint

blueprint = Blueprint("deliberation", __name__)
