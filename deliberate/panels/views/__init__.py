"""Pages of panels."""

from deliberate.panels.views import (
    ceremony,
    chance,
    contests,
    draws,
    files,
    households,
    imports,
    letters,
    panel,
    pool,
    quotas,
    receipt,
    register,
    reports,
    seat_files,
    seats,
    signing,
)
from deliberate.panels.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "ceremony",
    "chance",
    "contests",
    "draws",
    "files",
    "households",
    "imports",
    "letters",
    "panel",
    "pool",
    "quotas",
    "receipt",
    "register",
    "reports",
    "seat_files",
    "seats",
    "signing",
]
