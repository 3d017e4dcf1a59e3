"""Pages of panels."""

from deliberate.panels.views import (
    contests,
    draws,
    files,
    letters,
    panel,
    pool,
    quotas,
    receipt,
    register,
    seat_files,
    seats,
    signing,
)
from deliberate.panels.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "contests",
    "draws",
    "files",
    "letters",
    "panel",
    "pool",
    "quotas",
    "receipt",
    "register",
    "seat_files",
    "seats",
    "signing",
]
