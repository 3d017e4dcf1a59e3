"""The blueprint that every page of publication hangs on."""

from flask import Blueprint

blueprint = Blueprint("publication", __name__)
