"""The demo agency: a believable past by the verbs, and not a row of it after removal."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.test import Client as Browser
from pytest_django import DjangoDbBlocker

from steadyhand.clients import book, engagements, team
from steadyhand.clients.discovery import questions
from steadyhand.clients.models import (
    Client,
    Discovery,
    EngagementKind,
    ExpectationSaid,
    PersonalDetail,
    Position,
)
from steadyhand.clients.sectors import sector_note_of
from steadyhand.commitments.kinds import TIMED, State
from steadyhand.commitments.models import ClientPlan, Commitment
from steadyhand.commitments.models.plan import PlanState
from steadyhand.commitments.planning import plan_book
from steadyhand.comms.models import Chase, Interaction, OpenQuestion
from steadyhand.core import agency, outbox
from steadyhand.core.models import Agency, Event, OutboxMessage
from steadyhand.core.refusals import Refusal
from steadyhand.exchange import demo
from steadyhand.exchange.demo.book import BOOK
from steadyhand.exchange.demo.handing_over import WINS
from steadyhand.exchange.demo.sketch import SILENT
from steadyhand.people import first_run
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.playbook import publishing
from steadyhand.playbook.models import Draft, Playbook, Version
from tests.cast import NOW, SYSTEM, joined, published, user_of

BACKEND = "steadyhand.people.sign_in.Backend"
#: What loading once said of its progress.
HEARD: list[tuple[int, int]] = []


def rows() -> dict[str, int]:
    """How many rows each table has."""
    counts = {model._meta.label: model._base_manager.count() for model in apps.get_models()}
    return {label: count for label, count in counts.items() if count}


def head() -> Member:
    return Member.objects.get(role=Role.HEAD)


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(user_of(member), backend=BACKEND)
    return browser


def own_client(lead: Member, currency: str = "GBP") -> Client:
    client = book.add_client("Canary Wharf Rowing", by=SYSTEM)
    engagements.begin_engagement(
        client,
        EngagementKind.RETAINER,
        by=SYSTEM,
        amount=Decimal(2000),
        currency=currency,
        starts_on=dt.date(2026, 11, 2),
    )
    team.assign(client, lead, Position.LEAD, by=SYSTEM)
    plan_book()
    return client


@pytest.fixture(scope="class")
def northwind(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, int]]:
    """The demo, loaded once for the tests below, and the rows there were before."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(NOW, tick=False):
        before = rows()
        demo.load(by=SYSTEM, progress=lambda done, total: HEARD.append((done, total)))
        yield before
        transaction.set_rollback(True)


@pytest.fixture
def loaded(northwind: dict[str, int], django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, int]]:
    """What one test does to the loaded demo is gone after it."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(NOW, tick=False):
        yield northwind
        transaction.set_rollback(True)


class TestLoaded:
    """The demo as somebody finds it on a Tuesday morning."""

    def test_the_morning_is_lively_and_the_past_has_a_story(self, loaded: dict[str, int]) -> None:
        assert [done for done, _ in HEARD] == list(range(1, HEARD[-1][1] + 1))
        assert Client.objects.exclude(stage="prospect").count() == len(BOOK) + len(WINS) == 38
        assert Agency.get().founded_at.date() == dt.date(2026, 9, 11)

        states = Counter(Commitment.objects.values_list("state", flat=True))
        assert all(states[state] > 5 for state in State), states
        assert states["done"] > 4 * states["done_late"]
        of_head = Commitment.objects.owned_by(head()).open()
        assert of_head.filter(due_at__lt=NOW, waiting_since=None).count() >= 2
        assert of_head.filter(due_on=NOW.date(), due_time__isnull=False).count() >= 3
        assert of_head.filter(waiting_since__isnull=False).count() >= 2
        plans = Counter(ClientPlan.objects.values_list("state", flat=True))
        assert plans[PlanState.BESPOKE] == plans[PlanState.NEEDS_RATE] == plans[PlanState.NOTHING] == 1
        assert set(ClientPlan.objects.exclude(tier=None).values_list("tier", flat=True)) == {1, 2, 3, 4}
        last_words = Interaction.objects.filter(client__name=SILENT).latest("at").at
        assert last_words < NOW - dt.timedelta(days=30)

        versions = Version.objects.filter(playbook__name="northwind").order_by("number")
        assert [v.number for v in versions] == [1, 2] and Draft.objects.count() == 1
        assert versions[1].published_at.date() == dt.date(2026, 10, 20)
        assert not OutboxMessage.objects.exists()

    def test_there_is_something_to_know(self, loaded: dict[str, int]) -> None:
        details = PersonalDetail.objects.standing()
        birthdays = [row.next_birthday(NOW.date()) for row in details.filter(kind="birthday")]
        assert min(day for day in birthdays if day) < NOW.date() + dt.timedelta(days=7)
        assert details.filter(kind="away", from_on__lte=NOW.date(), until_on__gte=NOW.date()).exists()
        answered = Counter(Discovery.objects.standing().values_list("client", flat=True))
        assert len(answered) == 6 and max(answered.values()) < len(questions())
        assert ExpectationSaid.objects.count() >= 6
        retail = Client.objects.live().filter(industry="Retail")[0]
        assert sector_note_of(retail) is not None

    def test_clients_are_rung_and_ask_things_themselves(self, loaded: dict[str, int]) -> None:
        waiting = {chase.client.name: chase for chase in Chase.objects.open().select_related("commitment")}
        assert waiting.keys() == {"Halloway & Finch", "Northfield Solar"}
        listed = waiting["Halloway & Finch"]
        assert listed.attempts.count() == 2 and listed.commitment is not None
        assert listed.commitment.due_on == NOW.date() + dt.timedelta(days=1)
        assert Chase.objects.exclude(answered_at=None).count() == 2
        asked = OpenQuestion.objects.unanswered().values_list("client__name", "commitment__due_on")
        assert dict(asked)["Beacon Dental Group"] == NOW.date() + dt.timedelta(days=1)
        assert OpenQuestion.objects.exclude(answered_at=None).count() >= 2

    def test_nothing_happened_after_now_and_nobody_is_in_two_places(self, loaded: dict[str, int]) -> None:
        assert Event.objects.latest("at").at == NOW
        assert Event.objects.earliest("at").at.date() == dt.date(2026, 9, 11)
        assert not Interaction.objects.filter(at__gt=NOW).exists()
        timed = Commitment.objects.filter(state=State.OPEN, kind__in=TIMED, starts_at__gte=NOW)
        until: dict[int | None, Commitment] = {}
        for row in timed.order_by("starts_at"):
            before = until.get(row.owner_id)
            assert before is None or row.starts_at is None or before.due_at <= row.starts_at, (before, row)
            until[row.owner_id] = row

    def test_removing_takes_what_was_done_in_it_too(self, loaded: dict[str, int]) -> None:
        browser = signed_in(head())
        row = Commitment.objects.owned_by(head()).open().order_by("due_at")[0]
        browser.post(f"/commitments/{row.pk}/completion/", {"note": "Done."})
        outbox.post("sign_in_code", head().email, "Your code", "123456", safe_to_repeat=True)
        publishing.publish(Draft.objects.get(), by=head().actor)
        plan_book()
        assert demo.remove(by=SYSTEM).agency_gone
        assert rows() == loaded
        assert first_run.is_needed()
        connection.check_constraints()

    def test_a_client_of_ones_own_stays_with_all_it_stands_on(self, loaded: dict[str, int]) -> None:
        client = own_client(head(), currency="EUR")
        promised = list(client.commitments.values_list("pk", "state", "version", "owner"))
        said = Event.objects.filter(client_id=client.pk).count()
        assert promised
        removed = demo.remove(by=SYSTEM)
        assert list(client.commitments.values_list("pk", "state", "version", "owner")) == promised
        assert Event.objects.filter(client_id=client.pk).count() == said
        assert removed.kept_members == ("Imogen Hart",)
        assert removed.kept_playbook and not removed.agency_gone
        assert Client.objects.get() == client and Member.objects.get() == head()
        assert Version.live() is not None and Agency.current() is not None
        plan_book()
        assert ClientPlan.objects.get().state == PlanState.PLANNED
        connection.check_constraints()

    def test_it_is_never_there_twice(self, loaded: dict[str, int]) -> None:
        with pytest.raises(Refusal, match="loaded already"):
            demo.load(by=SYSTEM)
        demo.remove(by=SYSTEM)
        with pytest.raises(Refusal, match="not loaded"):
            demo.remove(by=SYSTEM)

    def test_versions_that_commitments_name_are_never_forgotten(self, loaded: dict[str, int]) -> None:
        with pytest.raises(Refusal, match="so they stay"):
            publishing.forget_versions(list(Version.objects.values_list("pk", flat=True)), by=SYSTEM)
        assert Version.objects.count() == 2 and Playbook.objects.count() == 1

    def test_removing_on_the_page_signs_out_whoever_was_part_of_it(self, loaded: dict[str, int]) -> None:
        browser = signed_in(head())
        assert "so you are signed out" in browser.get("/settings/demo/").content.decode()
        assert browser.post("/settings/demo/removal/")["Location"] == "/"
        assert browser.get("/")["Location"] == "/welcome/"


@pytest.mark.django_db
class TestElsewhere:
    """Where there is something already, and on another day; `bin/soak -k demo` takes more of them."""

    @time_machine.travel(NOW, tick=False)
    def test_it_never_stands_among_real_clients(self) -> None:
        agency.found(by=SYSTEM, name="Dunder")
        published()
        boss = joined("David Wallace", Role.ADMINISTRATOR)
        own_client(boss)
        page = signed_in(boss).get("/settings/demo/").content.decode()
        assert "clients of your own" in page and '<form class="form"' not in page
        with pytest.raises(Refusal, match="clients here already"):
            demo.load(by=SYSTEM)

    @time_machine.travel(NOW, tick=False)
    def test_the_page_is_for_those_who_may_set(self) -> None:
        agency.found(by=SYSTEM, name="Dunder")
        browser = signed_in(joined("Pam Beesly", Role.MANAGER))
        assert browser.get("/settings/demo/").status_code == 403
        assert browser.post("/settings/demo/removal/").status_code == 403
