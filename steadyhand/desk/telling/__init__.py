"""Acts of the rooms above the ledger in words, a file for each family; `desk.event_words` collects them."""

from collections.abc import Callable
from typing import Any

from steadyhand.desk.telling.calls import OF_CALLS
from steadyhand.desk.telling.care import OF_CARE
from steadyhand.desk.telling.knowledge import OF_KNOWLEDGE
from steadyhand.desk.telling.mail import OF_MAIL
from steadyhand.desk.telling.meetings import OF_MEETINGS
from steadyhand.desk.telling.messages import OF_MESSAGES
from steadyhand.desk.telling.team import OF_TEAM

OF_ROOMS: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = (
    OF_CALLS | OF_CARE | OF_KNOWLEDGE | OF_MAIL | OF_MEETINGS | OF_MESSAGES | OF_TEAM
)

__all__ = ["OF_ROOMS"]
