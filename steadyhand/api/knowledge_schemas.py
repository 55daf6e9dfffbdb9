"""What goes in, and what comes out, of what we know about a client."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ninja import Schema
from pydantic import Field

DetailKindName = Literal[
    "birthday", "away", "interest", "family", "speaking", "deciding", "bad_news", "other"
]


class DetailRow(Schema):
    id: int
    contact: int
    name: str
    kind: str
    text: str
    day: int | None
    month: int | None
    year: int | None
    from_on: dt.date | None
    until_on: dt.date | None
    by: str
    at: dt.datetime


class DetailIn(Schema):
    contact: int = Field(description="The id of a contact of this client.")
    kind: DetailKindName = "other"
    text: str = ""
    day: int | None = None
    month: int | None = None
    year: int | None = None
    from_on: dt.date | None = None
    until_on: dt.date | None = None


class AnswerRow(Schema):
    """A question of the bank. `answer` and what follows are null while it is unknown."""

    question: str = Field(description="Its key in the playbook.")
    group: str
    text: str
    id: int | None
    answer: str | None
    contact: int | None
    by: str | None
    at: dt.datetime | None


class AnswerIn(Schema):
    question: str = Field(description="Its key in the playbook.")
    answer: str
    contact: int | None = Field(None, description="Who said so: the id of a contact of this client.")


class ExpectationRow(Schema):
    """An expectation that applies now. `due`: to be said again."""

    expectation: str = Field(description="Its key in the playbook.")
    title: str
    words: str
    repeat: Literal["once", "monthly", "every_call"]
    engagement: str
    month: int = Field(description="Of the engagement, the first being 1.")
    times: int
    last: dt.datetime | None
    last_id: int | None
    due: bool


class SaidIn(Schema):
    expectation: str = Field(description="Its key in the playbook.")
    contact: int | None = Field(None, description="To whom: the id of a contact of this client.")
    at: dt.datetime | None = Field(None, description="A moment that has been; now where left out.")
