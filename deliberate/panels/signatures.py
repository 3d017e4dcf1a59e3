"""What a guarantor's signature on the pool stands for now: who signed, when, and what was changed since."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Refusal
from deliberate.journal.models import Entry
from deliberate.panels.pool import PoolSignature
from deliberate.panels.queries import last_signature
from deliberate.people.models import User
from deliberate.process.models import Process

CHANGES = ("register", "correct", "withdraw registration", "erase", "import", "change quotas")


@dataclass(frozen=True)
class SignatureState:
    """The last signature, the name of who gave it, whether the pool is still the one signed, and what changed since.

    `changes` counts the acts since, `reasons` are those stated with them, each once, in their order.
    """

    signature: PoolSignature | None = None
    by: str = ""
    valid: bool = False
    changes: Counter[str] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)


def signature_state(session: Session, process: Process, digest: str) -> SignatureState:
    """How the pool, which has this digest now, stands towards its last signature."""
    signature = last_signature(session, process)
    if signature is None:
        return SignatureState()
    found = [entry for entry in _since(session, process) if entry.act in CHANGES]
    changes: Counter[str] = Counter()
    for entry in found:
        if entry.act == "import":
            changes["register"] += entry.public.get("added", 0)
            changes["correct"] += entry.public.get("changed", 0)
        else:
            changes[entry.act] += 1
    reasons = dict.fromkeys(entry.public["reason"] for entry in found if entry.public.get("reason"))
    user = session.get(User, signature.user_id)
    valid = signature.digest == digest and not changes["change quotas"]
    return SignatureState(signature, user.name if user else "", valid, changes, list(reasons))


def quotas_changed(session: Session, process: Process) -> bool:
    """Whether the quotas were changed, for seats left empty, after the last signature."""
    return any(entry.act == "change quotas" for entry in _since(session, process))


def _since(session: Session, process: Process) -> list[Entry]:
    signed = select(Entry.number).where(
        Entry.scope == process.slug, Entry.act == "sign", Entry.object == "pool"
    )
    last = session.scalar(signed.order_by(Entry.number.desc()).limit(1)) or 0
    query = select(Entry).where(Entry.scope == process.slug, Entry.number > last)
    return list(session.scalars(query.order_by(Entry.number)))


def require_reason(session: Session, process: Process, reason: str) -> None:
    """Refuse to change a pool that a guarantor has signed without saying why."""
    if last_signature(session, process) is not None and not reason.strip():
        raise Refusal(
            N_(
                "A guarantor has signed the pool. Say why it changes: everyone will read it, and it is signed again."
            ),
            field="reason",
        )
