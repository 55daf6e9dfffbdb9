"""Meetings through the API."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.comms.meetings.planning import plan_meeting
from tests.cast import NOW, build, user_of


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_meetings_are_read_by_those_who_see_them() -> None:
    cast = build(planned=False)
    meeting = plan_meeting(
        cast.orbit,
        "Catch up",
        by=cast.jody.actor,
        day=dt.date(2026, 12, 15),
        time=dt.time(10),
        led_by=cast.jody,
        agenda_key="client-call",
    )
    jody, sam = Browser(), Browser()
    jody.force_login(user_of(cast.jody))
    sam.force_login(user_of(cast.sam))
    (row,) = jody.get(f"/api/clients/{cast.orbit.ref}/meetings").json()
    assert (row["title"], row["state"], row["led_by"]) == ("Catch up", "planned", "jody@northwind.test")
    full = jody.get(f"/api/meetings/{meeting.pk}").json()
    assert [point["title"] for point in full["agenda"]] == [
        "Catch up",
        "Delivery",
        "Strategy",
        "The wider business",
    ]
    assert full["attendees"] == [
        {"name": "Jody Marsh", "email": "jody@northwind.test", "ours": True, "answer": "accepted"}
    ]
    assert sam.get(f"/api/clients/{cast.orbit.ref}/meetings").status_code == 404
    assert sam.get(f"/api/meetings/{meeting.pk}").status_code == 404
