"""Sessions in the database, read with a statement written once: every request reads one."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from steadyhand.core.statements import Slot, Statement

LIVING = Statement(
    lambda: Session.objects.filter(session_key=Slot("key"), expire_date__gt=Slot("now")).values_list(
        "session_key", "session_data", "expire_date"
    )
)


class SessionStore(DatabaseStore):
    """Django's own, but for how a session is found."""

    def _get_session_from_db(self) -> Session | None:
        row = LIVING.first(key=self.session_key, now=timezone.now())
        if row is None:
            self._session_key = None
            return None
        return Session(session_key=row[0], session_data=row[1], expire_date=row[2])
