"""Pages of panels."""

from deliberate.panels.views import draws, files, panel, pool, quotas, receipt, register, seats
from deliberate.panels.views.blueprint import blueprint

__all__ = ["blueprint", "draws", "files", "panel", "pool", "quotas", "receipt", "register", "seats"]
