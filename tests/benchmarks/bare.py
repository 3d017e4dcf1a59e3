"""The peer of the page benchmark: a Flask application that returns one page of the same size, and nothing else."""

import os
from pathlib import Path

from flask import Flask

app = Flask(__name__)
PAGE = Path(os.environ["BARE_PAGE"]).read_text("utf-8")


@app.get("/")
def page() -> str:
    """The page."""
    return PAGE
