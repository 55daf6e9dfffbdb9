"""The pages of dips: what is open, one dip, closing it, telling the client."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.comms.models import Message
from steadyhand.core import clock
from steadyhand.reporting.metrics.remarks import annotate
from steadyhand.reporting.models import AnnotationKind, Cause, Incident, IncidentState
from tests.cast import NOW, SYSTEM, Cast, build, user_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
FIRST = NOW.date() - dt.timedelta(days=4)


@pytest.fixture
def frozen() -> object:
    with time_machine.travel(NOW, tick=False):
        yield None


@pytest.fixture
def people(frozen: object) -> Cast:
    return build(planned=False)


def noticed(people: Cast, **more: object) -> Incident:
    days = [NOW.date() - dt.timedelta(days=back) for back in range(60, 0, -1)]
    values = [410.0 if day >= FIRST else 1000.0 for day in days]
    return Incident.objects.create(
        client=people.halden,
        metric="sessions",
        first_day=FIRST,
        expected=4000,
        observed=1640,
        score=9.1,
        p=1e-8,
        drivers=[
            {
                "where": [["channel", "Organic"]],
                "expected": 3000,
                "observed": 700,
                "share": 0.97,
                "weight": 90,
            }
        ],
        also=[{"metric": "pageviews", "expected": 9000, "observed": 4000, "first_day": FIRST.isoformat()}],
        picture=[
            [day.isoformat(), value, 1000.0, 800.0, 1220.0] for day, value in zip(days, values, strict=True)
        ],
        noticed_at=clock.now(),
        **more,
    )


def test_the_list_says_what_fell_and_how_fast_we_are(people: Cast, client: Browser) -> None:
    noticed(people)
    client.force_login(user_of(people.jody))
    page = client.get("/dips/").content.decode()
    assert "Halden Bikes" in page
    assert "Sessions 59% below what was to be expected" in page
    assert "Noticed before the client?" in page
    assert "4.4 days" in page
    client.force_login(user_of(people.sam))
    assert "Sessions 59%" in client.get("/dips/").content.decode()
    assert "Sessions 59%" not in client.get("/dips/?of=mine").content.decode()


def test_one_dip_says_where_it_is_and_what_else_happened(people: Cast, client: Browser) -> None:
    incident = noticed(people)
    annotate(people.halden, AnnotationKind.SITE, FIRST, "The shop moved to a new address", by=SYSTEM)
    client.force_login(user_of(people.jody))
    page = client.get(f"/dips/{incident.pk}/").content.decode()
    for said in (
        "Sessions: 59% below what was to be expected",
        "less than once in a hundred years",
        "channel: Organic",
        "97%",
        "Page views",
        "The shop moved to a new address",
        "Most of it is from Organic.",
        "2,360",
        "<polygon",
    ):
        assert said in page
    assert "style=" not in page.partition("<article")[2].partition("</article>")[0]


def test_saying_what_it_was_closes_it_and_it_opens_again(people: Cast, client: Browser) -> None:
    incident = noticed(people)
    client.force_login(user_of(people.jody))
    address = f"/dips/{incident.pk}/settlement/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"cause": "real", "explanation": ""}).status_code == 422
    done = client.post(address, {"cause": "known", "explanation": "They closed the old shop."})
    assert done.status_code == 302
    incident.refresh_from_db()
    assert (incident.state, incident.cause, incident.closed_by) == (
        IncidentState.SETTLED,
        Cause.KNOWN,
        people.jody,
    )
    assert "a change we or they made on purpose" in client.get("/dips/?state=closed").content.decode()
    learned = "the evidence must be 5% stronger"
    assert learned in client.get(f"/dips/{incident.pk}/").content.decode()
    client.post(f"/dips/{incident.pk}/reopening/")
    assert learned not in client.get(f"/dips/{incident.pk}/").content.decode()
    incident.refresh_from_db()
    assert incident.is_open


def test_the_drafted_words_become_a_mail_and_telling_is_written_down(people: Cast, client: Browser) -> None:
    incident = noticed(people)
    client.force_login(user_of(people.jody))
    answer = client.post(f"/dips/{incident.pk}/message/")
    draft = Message.objects.get()
    assert answer["Location"] == f"/messages/{draft.pk}/"
    assert "Since 20 November your sessions have been 59% lower" in draft.text
    client.post(f"/dips/{incident.pk}/telling/", {"first": "yes"})
    incident.refresh_from_db()
    assert (incident.told_at, incident.told_first) == (NOW, True)
    client.post(f"/dips/{incident.pk}/telling/removal/")
    incident.refresh_from_db()
    assert incident.told_at is None


def test_another_team_sees_nothing_of_it(people: Cast, client: Browser) -> None:
    incident = noticed(people)
    Incident.objects.filter(pk=incident.pk).update(client=people.orbit)
    client.force_login(user_of(people.sam))
    assert client.get(f"/dips/{incident.pk}/").status_code == 404
    assert client.post(f"/dips/{incident.pk}/telling/", {"first": "yes"}).status_code == 404
    assert "Orbit" not in client.get("/dips/").content.decode()
