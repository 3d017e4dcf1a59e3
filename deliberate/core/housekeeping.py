"""What is cleared away by time: tokens of forms that were sent, and work that is done or was cancelled.

Letters that have left are such work. Work that failed stays: it says what did not happen.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from deliberate.core.database import OnceToken
from deliberate.core.jobs import Job

EVERY = timedelta(hours=1)


def clear(session: Session, now: datetime, days: int) -> int:
    """Delete what was over `days` days before this moment; returns how many rows. Flushes, never commits."""
    limit = now - timedelta(days=days)
    over = delete(Job).where(Job.state.in_(("done", "cancelled")), Job.ended_at < limit)
    sent = delete(OnceToken).where(OnceToken.at < limit)
    return sum(session.execute(one).rowcount for one in (over, sent))  # type: ignore[attr-defined]
