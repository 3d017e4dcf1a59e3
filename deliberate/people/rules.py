"""Who acts, and the shape of the secrets that sign people in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

LINK_LASTS = timedelta(minutes=30)
# Letters that cannot be mistaken for one another on paper (no 0/O, 1/I/L).
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_GROUPS, CODE_GROUP_LENGTH = 4, 4


@dataclass(frozen=True)
class Actor:
    """Who asks for an act: a signed-in person, or a kind of nobody-in-particular."""

    user_id: int | None = None
    kind: str = "person"


VISITOR = Actor(kind="visitor")
CLOCK = Actor(kind="clock")
OPERATOR = Actor(kind="operator")


def person(user_id: int) -> str:
    """How the journal's private parts name an account, so that erasing it finds them."""
    return f"user:{user_id}"


def new_link() -> str:
    """A sign-in link's secret: 128 random bits as text."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """A printed code such as `KQ7M-2XHP-…`: 79 random bits in four groups."""
    groups = (
        "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_GROUP_LENGTH)) for _ in range(CODE_GROUPS)
    )
    return "-".join(groups)


def secret_hash(secret: str) -> str:
    """What is stored of a secret. Codes are read without regard to case, spaces and dashes."""
    return hashlib.sha256(f"deliberate/pass/1\n{secret}".encode()).hexdigest()


def read_code(typed: str) -> str:
    """A code as typed from paper, in the form it was made in."""
    letters = "".join(c for c in typed.upper() if c in CODE_LETTERS)
    return "-".join(letters[i : i + CODE_GROUP_LENGTH] for i in range(0, len(letters), CODE_GROUP_LENGTH))
