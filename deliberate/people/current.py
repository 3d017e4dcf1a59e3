"""Who is asking for the page."""

from flask_security import current_user
from werkzeug.local import LocalProxy

from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor


def user() -> User | None:
    """The person signed in, if any."""
    found = current_user._get_current_object() if isinstance(current_user, LocalProxy) else current_user
    return found if isinstance(found, User) else None


def actor() -> Actor:
    """The person signed in as an actor, or a visitor."""
    found = user()
    return Actor(found.id) if found else VISITOR
