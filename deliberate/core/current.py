"""The settings of the running application."""

from flask import current_app

from deliberate.core.config import Settings


def settings() -> Settings:
    """The settings that the application was made with."""
    found: Settings = current_app.config["SETTINGS"]
    return found
