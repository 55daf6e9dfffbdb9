"""Today as a page: what it says, in which order, for whom, and that acts are done in place."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients.models import Client
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast as casting
from tests.cast import NOW, Cast, user_of

pytestmark = [pytest.mark.django_db]
TODAY = dt.date(2026, 11, 24)  # a Tuesday


@pytest.fixture
def world() -> object:
    with time_machine.travel(NOW, tick=False):
        yield casting.build(planned=False)


def browser_of(member: Member, *, htmx: bool = False) -> Browser:
    browser = Browser(headers={"HX-Request": "true"}) if htmx else Browser()
    browser.force_login(user_of(member))
    return browser


def owe(
    owner: Member,
    title: str,
    client: Client | None = None,
    due_on: dt.date = TODAY,
    due_time: dt.time | None = None,
    **more: object,
) -> Commitment:
    return keeping.promise(
        client,
        title,
        by=Actor.system("tests"),
        owner=owner,
        due_on=due_on,
        due_time=due_time,
        **more,  # type: ignore[arg-type]
    )


def late(owner: Member, title: str, client: Client | None = None, days: int = 1) -> Commitment:
    """A promise made some days ago for that day, so that it is overdue by now."""
    with time_machine.travel(NOW - dt.timedelta(days=days), tick=False):
        return owe(owner, title, client, TODAY - dt.timedelta(days=days))


def rows_of(page: str) -> list[str]:
    """The promises on the page, in order, by what they are called."""
    return re.findall(r'<span class="row__title">([^<]*)</span> ([^<]*)', page)


def text_of(browser: Browser, address: str = "/") -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_heading_counts_what_is_due_and_what_is_late(world: Cast) -> None:
    owe(world.jody, "Ring Maya", world.halden)
    owe(world.jody, "Send the figures", world.orbit)
    late(world.jody, "Answer Priya", world.orbit)
    owe(world.sam, "Somebody else's")
    page = text_of(browser_of(world.jody))
    assert "Three promises today, one of them late" in page
    assert "Somebody else" not in page


def test_an_empty_day_says_what_comes_next(world: Cast) -> None:
    owe(world.jody, "Ring Maya", world.halden, TODAY + dt.timedelta(days=2))
    page = text_of(browser_of(world.jody))
    assert "Nothing is due today" in page
    assert "Halden Bikes, Ring Maya" in page


def test_overdue_comes_first_and_the_oldest_of_it(world: Cast) -> None:
    owe(world.jody, "today")
    late(world.jody, "one day", days=1)
    late(world.jody, "five days", days=5)
    titles = [title for title, _ in rows_of(text_of(browser_of(world.jody)))]
    assert titles == ["five days", "one day", "today"]


def test_on_one_day_the_higher_tier_comes_first_and_hours_before_any_time(world: Cast) -> None:
    world_plan()
    Commitment.objects.all().delete()
    owe(world.jody, "small", world.orbit)
    owe(world.jody, "large", world.halden)
    owe(world.jody, "call", world.orbit, due_time=dt.time(16), kind=Kind.MEETING, minutes=30)
    texts = [text.strip() for _, text in rows_of(text_of(browser_of(world.jody)))]
    assert texts == ["call", "large", "small"]


def world_plan() -> None:
    from steadyhand.commitments.planning import plan_book

    plan_book()


def test_minutes_of_calls_are_added_up(world: Cast) -> None:
    owe(world.jody, "call", world.halden, due_time=dt.time(10), kind=Kind.CALL, minutes=45)
    owe(world.jody, "more", world.orbit, due_time=dt.time(14), kind=Kind.CALL, minutes=45)
    assert "1 h 30 m of calls" in text_of(browser_of(world.jody))


def test_a_call_says_how_much_call_time_is_left(world: Cast) -> None:
    world_plan()
    Commitment.objects.all().delete()
    owe(world.jody, "call", world.halden, due_time=dt.time(10), kind=Kind.CALL, minutes=45)
    assert "of call time left in November" in text_of(browser_of(world.jody)).replace("No call", "")


def test_waiting_leaves_now_and_is_counted_apart(world: Cast) -> None:
    row = owe(world.jody, "Hear about the budget", world.halden)
    keeping.wait_on_client(row, by=world.jody.actor)
    browser = browser_of(world.jody)
    assert "Hear about the budget" not in text_of(browser)
    waiting = text_of(browser, "/?tab=waiting")
    assert "Hear about the budget" in waiting
    assert "Waiting since Tue 24 Nov" in waiting


def test_this_week_and_later_are_apart(world: Cast) -> None:
    owe(world.jody, "on Friday", due_on=TODAY + dt.timedelta(days=3))
    owe(world.jody, "next week", due_on=TODAY + dt.timedelta(days=7))
    browser = browser_of(world.jody)
    assert [t for t, _ in rows_of(text_of(browser, "/?tab=week"))] == ["on Friday"]
    assert [t for t, _ in rows_of(text_of(browser, "/?tab=later"))] == ["next week"]


def test_a_call_elsewhere_is_on_the_readers_day_and_says_the_hour_over_there(world: Cast) -> None:
    Client.objects.filter(pk=world.orbit.pk).update(zone="Pacific/Auckland")
    world.orbit.refresh_from_db()
    owe(
        world.jody,
        "call",
        world.orbit,
        TODAY + dt.timedelta(days=1),
        dt.time(9, 30),
        kind=Kind.CALL,
        minutes=30,
    )
    page = text_of(browser_of(world.jody))
    assert "20:30" in page
    assert "09:30 in Auckland" in page


def test_missed_promises_are_shown_where_there_are_any(world: Cast) -> None:
    browser = browser_of(world.jody)
    assert "Missed" not in text_of(browser)
    row = late(world.jody, "long ago", days=20)
    from steadyhand.commitments.ageing import stamp_missed

    assert stamp_missed() == 1
    assert "Missed" in text_of(browser)
    assert row.title in text_of(browser, "/?tab=missed")


def test_only_who_sees_the_team_reads_another_day(world: Cast) -> None:
    owe(world.jody, "Jody's own", world.halden)
    assert "Jody&#x27;s own" in text_of(browser_of(world.keiran), f"/?of={world.jody.pk}")
    assert "Jody&#x27;s own" in text_of(browser_of(world.keiran), "/?of=everyone")
    for of in (str(world.jody.pk), "everyone", "x"):
        assert browser_of(world.sam).get(f"/?of={of}").status_code == 404
    assert browser_of(world.keiran).get("/?of=99999").status_code == 404


def test_somebody_who_sees_the_team_but_not_every_client_reads_only_theirs(world: Cast) -> None:
    director = casting.joined("Dana Director", Role.DIRECTOR)
    owe(world.jody, "Halden's secret", world.halden)
    page = text_of(browser_of(director), f"/?of={world.jody.pk}")
    assert "secret" not in page
    from steadyhand.clients.models import Position
    from steadyhand.clients.team import assign

    assign(world.halden, director, Position.SUPPORT, by=Actor.system("tests"))
    assert "secret" in text_of(browser_of(director), f"/?of={world.jody.pk}")


def test_fifty_rows_at_a_time_then_more(world: Cast) -> None:
    for number in range(60):
        owe(world.jody, f"number {number:02}")
    browser = browser_of(world.jody)
    page = text_of(browser)
    assert "More than 50 promises today" in page
    assert len(rows_of(page)) == 50
    following = re.search(r'href="(/\?part=today&amp;after=[^"]+)"', page)
    assert following is not None
    rest = text_of(browser, following[1].replace("&amp;", "&"))
    assert len(rows_of(rest)) == 10
    assert not set(rows_of(rest)) & set(rows_of(page))


def test_htmx_reads_the_board_alone(world: Cast) -> None:
    page = browser_of(world.jody, htmx=True).get("/")
    assert b"<html" not in page.content
    assert b'id="board"' in page.content
    assert "HX-Request" in page["Vary"]


def test_nobody_who_is_not_signed_in_reads_it(world: Cast) -> None:
    assert Browser().get("/").status_code == 302


def test_the_rail_counts_what_is_due_and_reads_itself_again(world: Cast) -> None:
    with time_machine.travel(NOW - dt.timedelta(days=1), tick=False):
        owe(world.jody, "Late", world.halden, TODAY - dt.timedelta(days=1))
    done = owe(world.jody, "Now", world.halden)
    owe(world.jody, "Tomorrow", world.halden, TODAY + dt.timedelta(days=1))
    keeping.wait_on_client(owe(world.jody, "Theirs", world.halden), by=world.jody.actor)
    owe(world.sam, "Sam’s", world.halden)
    browser = browser_of(world.jody)
    page = browser.get("/playbook/").content.decode()
    assert re.search(r'class="rail__count" hx-get="/due/"[^>]*>2<', page)
    keeping.complete(done, by=world.jody.actor)
    assert browser.get("/due/").content.decode().startswith("1<")
    finance = casting.joined("Finn Marr", Role.FINANCE)
    assert 'hx-get="/due/"' not in browser_of(finance).get("/playbook/").content.decode()


def test_somebody_without_clients_is_led_to_their_first_step(world: Cast) -> None:
    steps = {Role.OPERATIONS: None, Role.NEW_BUSINESS: "/imports/", Role.MANAGER: "/clients/new/"}
    for role, url in steps.items():
        page = browser_of(casting.joined(f"{role.name.title()} Person", role)).get("/").content.decode()
        assert ("stands here each morning" in page) is (url is not None), role
        if url:
            assert f'href="{url}"' in page.partition('class="empty"')[2]
    page = browser_of(casting.joined("Dee Livery", Role.DELIVERABLE_MANAGER)).get("/").content.decode()
    assert "as soon as you are on an account team" in page
