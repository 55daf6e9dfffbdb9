"""What we know about a client: details of people, how to work with them, answers, expectations, sectors."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from steadyhand.clients import book, engagements, team
from steadyhand.clients.discovery import answer_question, questions, take_back_answer, unknown_questions
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.expectations import (
    expectations_due,
    month_of,
    say_expectation,
    take_back_said,
)
from steadyhand.clients.models import (
    Client,
    Contact,
    DetailKind,
    Discovery,
    EngagementKind,
    Knowledge,
    MarketingKnowledge,
    PersonalDetail,
    Position,
    SectorNote,
    WorkingKind,
)
from steadyhand.clients.personal import correct_detail, note_detail, restore_detail, retire_detail
from steadyhand.clients.sectors import (
    describe_offer,
    offers_of,
    restore_offer,
    restore_sector_note,
    retire_offer,
    sector_note_of,
    write_sector_note,
)
from steadyhand.clients.working import judge_knowledge, note_working, restore_working, retire_working
from steadyhand.core.models import Event
from steadyhand.core.refusals import Conflict, Refusal
from tests import cast
from tests.cast import SYSTEM, Cast

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def known() -> Cast:
    with time_machine.travel(cast.NOW, tick=False):
        return cast.build(planned=False)


@pytest.fixture
def maya(known: Cast) -> Contact:
    return known.halden.contacts.get(name="Maya Lind")


@pytest.fixture(autouse=True)
def today(time_machine: time_machine.TimeMachineFixture) -> None:
    time_machine.move_to(cast.NOW, tick=False)


def newest() -> Event:
    return Event.objects.latest("id")


def test_personal_details_are_for_the_account_team_alone(known: Cast, maya: Contact) -> None:
    detail = note_detail(maya, DetailKind.FAMILY, "Twins, four years old", by=known.jody.actor)
    assert PersonalDetail.objects.visible_to(known.sam.actor).get() == detail
    team.unassign(known.halden.team.get(member=known.keiran), by=SYSTEM)
    assert not PersonalDetail.objects.visible_to(known.keiran.actor).exists()  # the head sees the client
    with pytest.raises(Refusal, match="for its account team"):
        note_detail(maya, DetailKind.OTHER, "Nosy", by=known.keiran.actor)
    assert PersonalDetail.objects.visible_to(SYSTEM).count() == 1


def test_no_event_carries_the_words(known: Cast, maya: Contact) -> None:
    detail = note_detail(maya, DetailKind.INTEREST, "Sea swimming", by=known.jody.actor)
    better = correct_detail(detail, text="Ice swimming", by=known.jody.actor)
    retire_detail(better, by=known.jody.actor)
    restore_detail(better, by=known.jody.actor)
    acts = Event.objects.filter(verb__startswith="contact.detail_").order_by("id")
    assert [act.verb.partition("_")[2] for act in acts] == ["noted", "corrected", "retired", "restored"]
    assert not any("swimming" in str(act.data) for act in acts)
    assert acts[1].subject_id == better.pk


def test_a_correction_replaces_and_can_be_taken_back(known: Cast, maya: Contact) -> None:
    detail = note_detail(maya, DetailKind.SPEAKING, "Briefly", by=SYSTEM)
    better = correct_detail(detail, text="Briefly, never before ten", by=SYSTEM)
    assert maya.personal_details.standing().get() == better
    with pytest.raises(Refusal, match="since"):
        correct_detail(detail, text="At length", by=SYSTEM)
    restore_detail(detail, by=SYSTEM)
    assert maya.personal_details.standing().get() == detail
    count = Event.objects.count()
    assert correct_detail(detail, text="Briefly", by=SYSTEM).pk == detail.pk  # nothing changed
    assert Event.objects.count() == count


def test_a_second_birthday_corrects_the_first(known: Cast, maya: Contact) -> None:
    first = note_detail(maya, DetailKind.BIRTHDAY, day=29, month=2, by=SYSTEM)
    assert first.words == "29 February"
    assert first.next_birthday(dt.date(2026, 11, 24)) == dt.date(2027, 2, 28)
    assert first.next_birthday(dt.date(2028, 1, 1)) == dt.date(2028, 2, 29)
    second = note_detail(maya, DetailKind.BIRTHDAY, day=3, month=12, year=1984, by=SYSTEM)
    assert (second.corrects, second.words) == (first, "3 December 1984")
    assert maya.personal_details.standing().count() == 1
    assert second.next_birthday(dt.date(2026, 12, 3)) == dt.date(2026, 12, 3)
    assert second.next_birthday(dt.date(2026, 12, 4)) == dt.date(2027, 12, 3)


@pytest.mark.parametrize(
    ("kind", "values", "says"),
    [
        ("birthday", {"day": 30, "month": 2}, "no day 30"),
        ("birthday", {"day": 29, "month": 2, "year": 2023}, "no day 29"),
        ("birthday", {"month": 2}, "a day and a month"),
        ("birthday", {"day": 1, "month": 13}, "1 to 12"),
        ("birthday", {"day": 1, "month": 1, "year": 1066}, "1066"),
        ("away", {}, "from which day"),
        ("away", {"from_on": dt.date(2026, 12, 9), "until_on": dt.date(2026, 12, 3)}, "before they leave"),
        ("family", {"text": "  "}, "what you learned"),
        ("other", {"text": "x" * 501}, "longer than"),
    ],
)
def test_details_that_make_no_sense_are_refused(maya: Contact, kind: str, values: dict, says: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(Refusal, match=says):
        note_detail(maya, kind, by=SYSTEM, **values)
    assert not maya.personal_details.exists()


@pytest.mark.parametrize(
    "values",
    [{"kind": "birthday", "day": 3}, {"kind": "away"}, {"kind": "family"}, {"kind": "other", "day": 1}],
)
def test_the_database_holds_the_shape_of_a_detail(maya: Contact, values: dict) -> None:  # type: ignore[type-arg]
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonalDetail.objects.create(contact=maya, by_name="x", at=cast.NOW, **values)


def test_time_away_in_words(maya: Contact) -> None:
    first = dt.date(2026, 12, 3)
    away = note_detail(maya, "away", "Lisbon", from_on=first, until_on=first + 7 * DAY, by=SYSTEM)
    assert away.words == "Lisbon, 3 to 10 Dec 2026"
    assert note_detail(maya, "away", from_on=first, by=SYSTEM).words == "3 Dec 2026"


def test_how_to_work_with_somebody(known: Cast, maya: Contact) -> None:
    judge_knowledge(maya, Knowledge.SAVVY, by=known.jody.actor)
    judge_knowledge(maya, Knowledge.THINKS_SAVVY, by=known.jody.actor)
    assert maya.marketing_knowledge.standing().get().level == Knowledge.THINKS_SAVVY
    assert newest().data["before"] == "savvy"
    assert judge_knowledge(maya, "", by=known.jody.actor) is None
    assert not maya.marketing_knowledge.standing().exists()
    with pytest.raises(Refusal, match="Say why"):
        note_working(maya, WorkingKind.PUSHED_BACK, "No third redesign", by=known.jody.actor)
    note = note_working(
        maya, "pushed_back", "No third redesign", reason="It delays the launch", by=known.jody.actor
    )
    assert note.on == cast.NOW.date()
    retire_working(note, by=known.jody.actor)
    assert not maya.working_notes.standing().exists()
    restore_working(note, by=known.jody.actor)
    assert maya.working_notes.standing().get() == note
    orbit = known.orbit.pk
    assert not MarketingKnowledge.objects.visible_to(known.sam.actor).filter(contact__client=orbit).exists()


def test_a_newer_answer_supersedes_and_the_old_stays(known: Cast, maya: Contact) -> None:
    key = questions()[0].key
    assert len(unknown_questions(known.halden)) == len(questions())
    old = answer_question(known.halden, key, "Maya and two others", by=known.jody.actor, contact=maya)
    assert old.source_type == ""
    new = answer_question(
        known.halden, key, "Maya alone", by=known.jody.actor, source=("comms.call", 7), at=cast.NOW - DAY
    )
    assert [row.answer for row in known.halden.discovery.standing()] == ["Maya alone"]
    assert (new.source_type, new.source_id, new.supersedes) == ("comms.call", 7, old)
    assert key not in [question.key for question in unknown_questions(known.halden)]
    assert Discovery.objects.count() == 2
    take_back_answer(new, by=known.jody.actor)
    assert known.halden.discovery.standing().get() == old
    take_back_answer(old, by=known.jody.actor)
    assert len(unknown_questions(known.halden)) == len(questions())


def test_answers_that_cannot_be_kept(known: Cast, maya: Contact) -> None:
    key = questions()[0].key
    for said, words, contact, client in (
        ("not a question", "x", None, known.halden),
        ("what they answered", " ", None, known.halden),
        ("is not at", "x", maya, known.orbit),
    ):
        with pytest.raises(Refusal, match=said):
            wrong = "shoe-size" if "not a question" in said else key
            answer_question(client, wrong, words, by=SYSTEM, contact=contact)
    assert not Discovery.objects.exists()


def test_saying_the_same_again_is_no_event(known: Cast) -> None:
    key = questions()[0].key
    row = answer_question(known.halden, key, "Maya", by=SYSTEM)
    count = Event.objects.count()
    assert answer_question(known.halden, key, " Maya ", by=SYSTEM) == row
    assert Event.objects.count() == count


def due(client: Client, at: dt.datetime | None = None, **rest: object) -> dict[str, bool]:
    return {one.expectation.key: one.due for one in expectations_due(client, at, **rest)}  # type: ignore[arg-type]


def test_only_what_applies_in_this_month_of_the_engagement(known: Cast) -> None:
    assert "month-one-is-set-up" not in due(known.halden)  # since 2024
    assert due(known.fernhill)["month-one-is-set-up"]  # begun three weeks ago
    assert "search-takes-six-months" not in due(known.fernhill)  # they do not buy search
    fresh = cast.retained("Kepler Cafés", 1500, lead=known.jody, starts_on=dt.date(2026, 10, 20))
    assert due(fresh)["search-takes-six-months"]
    assert "month-one-is-set-up" not in due(fresh)


def test_once_is_once_an_engagement(known: Cast) -> None:
    say_expectation(known.fernhill, "month-one-is-set-up", by=known.jody.actor)
    assert not due(known.fernhill)["month-one-is-set-up"]
    engagements.begin_engagement(
        known.fernhill,
        EngagementKind.PROJECT,
        by=SYSTEM,
        amount=Decimal(2000),
        currency="GBP",
        starts_on=dt.date(2026, 11, 25),
        ends_on=dt.date(2027, 1, 29),
        services=[ServiceLine("Photography")],
    )
    assert due(known.fernhill, cast.NOW + 2 * DAY)["month-one-is-set-up"]


def test_monthly_is_due_again_in_the_next_month_of_the_engagement(known: Cast) -> None:
    """Halden's engagement began on the 1st; the ledger's clock is the client's."""
    key = "tell-us-if-you-do-not-love-it"
    said = say_expectation(known.halden, key, by=known.jody.actor, at=cast.NOW - 20 * DAY)
    assert not due(known.halden)[key]
    assert due(known.halden, dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC))[key]
    entry = next(one for one in expectations_due(known.halden) if one.expectation.key == key)
    assert (entry.times, entry.last) == (1, said)
    take_back_said(said, by=known.jody.actor)
    count = Event.objects.count()
    take_back_said(said, by=known.jody.actor)
    assert Event.objects.count() == count
    assert due(known.halden)[key]


def test_every_call_is_due_in_the_next_call(known: Cast) -> None:
    key = "search-takes-six-months"
    fresh = cast.retained("Kepler Cafés", 1500, lead=known.jody, starts_on=dt.date(2026, 10, 20))
    say_expectation(fresh, key, by=known.jody.actor, source=("comms.call", 1))
    assert not due(fresh, source=("comms.call", 1))[key]
    assert due(fresh, source=("comms.call", 2))[key]
    assert not due(fresh)[key]
    assert due(fresh, cast.NOW + DAY)[key]


def test_who_said_it_and_to_whom(known: Cast, maya: Contact) -> None:
    said = say_expectation(known.halden, "call-time", by=known.jody.actor, contact=maya, member=known.sam)
    assert (said.member, said.by_name, said.contact) == (known.sam, "Sam Okafor", maya)
    assert newest().data["to"] == "Maya Lind"
    with pytest.raises(Refusal, match="does not belong"):
        say_expectation(known.orbit, "call-time", by=known.jody.actor, contact=maya)
    with pytest.raises(Refusal, match="not an expectation"):
        say_expectation(known.halden, "never-heard", by=known.jody.actor)


@pytest.mark.parametrize(
    ("day", "month", "since"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 1, 31)),
        (dt.date(2026, 2, 27), 1, dt.date(2026, 1, 31)),
        (dt.date(2026, 3, 31), 3, dt.date(2026, 3, 31)),
        (dt.date(2027, 1, 31), 13, dt.date(2027, 1, 31)),
    ],
)
def test_months_of_an_engagement(known: Cast, day: dt.date, month: int, since: dt.date) -> None:
    engagement = known.halden.engagements.get()
    engagement.starts_on = dt.date(2026, 1, 31)
    assert month_of(engagement, day) == (month, since)


def test_a_sector_note_is_shared_and_keeps_its_history(known: Cast) -> None:
    for client in (known.halden, known.orbit):
        book.change_client(client, by=SYSTEM, industry="Retail")
        client.refresh_from_db()
    first = write_sector_note("retail", "Margins are thin.", by=known.keiran.actor)
    assert sector_note_of(known.halden) == sector_note_of(known.orbit) == first
    assert sector_note_of(known.lumen) is None
    second = write_sector_note("Retail", "Margins are thinner.", by=known.keiran.actor, replaces=first)
    with pytest.raises(Conflict, match="Somebody else"):
        write_sector_note("Retail", "Late thoughts.", by=known.keiran.actor, replaces=first)
    assert sector_note_of(known.halden) == second
    restore_sector_note(first, by=known.keiran.actor)
    assert sector_note_of(known.halden) == first
    assert SectorNote.objects.count() == 2


def test_our_services_are_found_by_name_then_by_channel(known: Cast) -> None:
    seo = describe_offer("SEO", what="Being found.", channel="seo", by=SYSTEM)
    ads = describe_offer("Search ads", what="Paying to be found.", channel="paid-search", by=SYSTEM)
    services = list(known.lumen.engagements.get().services.all())
    assert [service.name for service in services] == ["Paid search", "SEO"]
    assert offers_of(services) == [ads, seo]
    renamed = describe_offer("Search", what="Being found.", channel="seo", replaces=seo, by=SYSTEM)
    assert offers_of(services) == [ads, renamed]
    restore_offer(seo, by=SYSTEM)
    assert offers_of(services) == [ads, seo]
    retire_offer(seo, by=SYSTEM)
    assert offers_of(services) == [ads]
    with pytest.raises(Conflict):
        describe_offer("search  ADS", what="The same again.", by=SYSTEM)


def test_a_merge_keeps_what_was_learned(known: Cast, maya: Contact) -> None:
    one, other = questions()[0].key, questions()[1].key
    answer_question(known.halden, one, "Old", by=SYSTEM, at=cast.NOW - 9 * DAY)
    answer_question(known.orbit, one, "New", by=SYSTEM)
    answer_question(known.orbit, other, "Theirs", by=SYSTEM)
    say_expectation(known.orbit, "call-time", by=SYSTEM)
    note_detail(maya, "family", "Twins", by=SYSTEM)
    book.merge_clients(known.orbit, known.halden, by=SYSTEM)
    standing = known.orbit.discovery.standing().values_list("answer", flat=True)
    assert set(standing) == {"New", "Theirs"}
    assert known.orbit.discovery.count() == 3
    assert known.orbit.contacts.get(name="Maya Lind").personal_details.count() == 1


def test_what_hangs_on_a_client_goes_with_the_team(known: Cast) -> None:
    answer_question(known.halden, questions()[0].key, "Maya", by=SYSTEM)
    assert Discovery.objects.visible_to(known.sam.actor).count() == 1
    team.unassign(known.halden.team.get(member=known.sam, position=Position.SUPPORT), by=SYSTEM)
    assert not Discovery.objects.visible_to(known.sam.actor).exists()
