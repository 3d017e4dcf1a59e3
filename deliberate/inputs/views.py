"""Pages of inputs."""

from flask import Blueprint

blueprint = Blueprint("inputs", __name__)
