"""The five statements that every mail costs, written once: building them anew takes longer than running them.

All are conditional updates; what they return says whether the row was still ours.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from steadyhand.core.models import AttemptOutcome
from steadyhand.core.outbox_endings import Ending

BEGIN = """UPDATE core_outboxmessage SET attempts = %s, leased_until = %s
    WHERE id = %s AND claim = %s AND state = 'sending' RETURNING mime"""
OPEN = """INSERT INTO core_outboxattempt (message_id, number, began_at, outcome, answer)
    VALUES (%s, %s, %s, '', '') RETURNING id"""
HAND_OVER = "UPDATE core_outboxattempt SET handing_over_at = %s WHERE id = %s AND ended_at IS NULL"
CLOSE = """UPDATE core_outboxattempt SET ended_at = %s, outcome = %s, answer = %s
    WHERE id = %s AND (ended_at IS NULL OR outcome = 'unknown')"""
SETTLE = """UPDATE core_outboxmessage
    SET state = %s, claim = '', leased_until = NULL, last_error = %s, next_at = %s, sent_at = %s, untold = %s
    WHERE id = %s AND attempts = %s AND state IN ('sending', 'uncertain')"""
FORGET = SETTLE.replace("SET state", "SET text = '', html = '', mime = %s, state")


def begin(
    mail: int, number: int, claim: str, at: dt.datetime, until: dt.datetime
) -> tuple[int, bytes] | None:
    """Open attempt `number` of a mail we have claimed: its id and the MIME text; None when it is not ours."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, [number, _moment(until), mail, claim])
        ours = cursor.fetchone()
        if ours is None:
            return None
        cursor.execute(OPEN, [mail, number, _moment(at)])
        return cursor.fetchone()[0], bytes(ours[0])


def hand_over(attempt: int, at: dt.datetime) -> bool:
    """Note that the end mark follows; False when somebody has closed the attempt."""
    return _changed(HAND_OVER, _moment(at), attempt)


def close(attempt: int, at: dt.datetime, outcome: AttemptOutcome, answer: str) -> bool:
    """End an attempt; False when it had ended otherwise than unknown."""
    return _changed(CLOSE, _moment(at), str(outcome), answer[:500], attempt)


def settle(mail: int, number: int, ending: Ending) -> bool:
    """Where attempt `number` leaves the mail; False when another attempt or a person has decided since."""
    values = [str(ending.state), ending.error[:500], _moment(ending.next_at), _moment(ending.sent_at)]
    values.append(ending.is_news)
    if ending.forgets:
        return _changed(FORGET, b"", *values, mail, number)
    return _changed(SETTLE, *values, mail, number)


def _changed(sql: str, *values: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return bool(cursor.rowcount)


def _moment(at: dt.datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
