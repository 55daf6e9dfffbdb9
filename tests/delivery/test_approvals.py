"""What a client approves: bound to a version, in order, waited for in days; nothing is posted before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from steadyhand.clients import book
from steadyhand.clients.item_links import find_link
from steadyhand.clients.models import Contact
from steadyhand.clients.removing import remove_clients
from steadyhand.commitments.keeping import NotYours
from steadyhand.commitments.kinds import State
from steadyhand.comms.meetings.agenda import REVIEW, sections_of
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.comms.models import Message
from steadyhand.core.models import Event
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.delivery.approvals.asking import ask_again, ask_for_approval, hand_over
from steadyhand.delivery.approvals.commenting import comment
from steadyhand.delivery.approvals.deciding import approve_all, decide, take_back
from steadyhand.delivery.approvals.preparing import (
    Upload,
    add_piece,
    add_version,
    prepare_bundle,
    put_in_changes,
    remove_piece,
    upload_version,
    withdraw_bundle,
)
from steadyhand.delivery.approvals.reminding import remind, remind_everybody
from steadyhand.delivery.approvals.scheduling import (
    may_be_scheduled,
    schedule_posting,
    unschedule_posting,
    why_not,
)
from steadyhand.delivery.approvals.standing import Turn, standings, turn_of
from steadyhand.delivery.approvals.waiting import days_waited, days_waited_on
from steadyhand.delivery.models import (
    Bundle,
    Decision,
    Mode,
    PieceKind,
    PieceVersion,
    Posting,
    Reminder,
    Step,
    Verdict,
)
from tests import cast
from tests.cast import SYSTEM, Cast
from tests.delivery.approving import DUE, actor_of, at, copied, pictured, png, webm

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind(settings: object, tmp_path: object) -> Iterator[Cast]:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def maya(northwind: Cast) -> Contact:
    return northwind.halden.contacts.get(name="Maya Lind")


@pytest.fixture
def ola(northwind: Cast) -> Contact:
    return northwind.halden.contacts.get(name="Ola Brandt")


@pytest.fixture
def asked(northwind: Cast, maya: Contact) -> Bundle:
    bundle = copied(northwind.halden, "Monday", "Tuesday", by=northwind.jody.actor, owner=northwind.jody)
    return ask_for_approval(bundle, [[maya]], by=northwind.jody.actor)


def newest(bundle: Bundle, title: str = "Monday") -> PieceVersion:
    return PieceVersion.objects.filter(piece__bundle=bundle, piece__title=title).order_by("-number")[0]


def promise_of(bundle: Bundle):
    return Bundle.objects.select_related("commitment").get(pk=bundle.pk).commitment


def test_social_content_is_never_without_an_approval(northwind: Cast) -> None:
    for mode in (Mode.NONE, Mode.OPTIONAL):
        with pytest.raises(Refusal, match="at least one approval"):
            copied(northwind.halden, mode=mode, is_social=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Bundle.objects.create(
                client=northwind.halden, title="x", is_social=True, mode=mode, due_on=DUE, made_at=cast.NOW
            )


def test_asking_shares_it_promises_it_and_writes_to_whoever_decides(asked: Bundle, maya: Contact) -> None:
    assert list(Bundle.objects.shared_with(maya)) == [asked]
    row = promise_of(asked)
    assert (row.title, row.due_on, row.closes_with) == (
        "Get “December posts” approved",
        DUE,
        "delivery.bundle",
    )
    assert row.waiting_since == cast.NOW and row.owner.name == "Jody Marsh"
    mail = Message.objects.get(about_type="delivery.bundle")
    assert mail.to == [maya.email] and "2 pieces" in mail.text and "Tuesday 1 December 2026" in mail.text
    link = find_link(mail.text.split("/portal/open/")[1].split("/")[0])
    assert link is not None and link.scope == f"approval:{asked.pk}" and link.holder_id == maya.pk


def test_nobody_at_the_client_sees_what_was_not_asked_for(northwind: Cast, maya: Contact) -> None:
    bundle = copied(northwind.halden)
    assert not Bundle.objects.shared_with(maya).exists()
    stranger = book.add_contact(northwind.orbit, "Priya Nair", by=SYSTEM, email="priya@orbit.test")
    ask_for_approval(bundle, [[maya]], by=SYSTEM)
    assert not Bundle.objects.shared_with(stranger).exists()
    with pytest.raises(Refusal, match="not open to you"):
        decide(newest(bundle), Verdict.APPROVED, by=actor_of(stranger))
    withdraw_bundle(bundle, by=SYSTEM, reason="The campaign is off.")
    assert not Bundle.objects.shared_with(maya).exists()
    with pytest.raises(Refusal, match="not open to you"):
        decide(newest(bundle), Verdict.APPROVED, by=actor_of(maya))


@pytest.mark.parametrize("what", ["nobody", "nothing", "empty", "past", "twice", "elsewhere", "unreachable"])
def test_what_cannot_be_asked(northwind: Cast, maya: Contact, what: str) -> None:
    bundle = prepare_bundle(northwind.halden, "Posts", by=SYSTEM, due_on=DUE)
    if what != "nothing":
        piece = add_piece(bundle, "Monday", PieceKind.COPY, by=SYSTEM)
        if what != "empty":
            add_version(piece, by=SYSTEM, text="Ride on.")
    levels = [[maya]]
    if what == "nobody":
        levels = [[]]
    if what == "twice":
        levels = [[maya, maya]]
    if what == "elsewhere":
        levels = [[book.add_contact(northwind.orbit, "Priya Nair", by=SYSTEM, email="p@orbit.test")]]
    if what == "unreachable":
        levels = [[book.add_contact(northwind.halden, "Ben Oh", by=SYSTEM)]]
    due = dt.date(2026, 11, 23) if what == "past" else None
    with pytest.raises(Refusal):
        ask_for_approval(bundle, levels, by=SYSTEM, due_on=due)
    assert not Message.objects.exists() and Bundle.objects.get().asked_at is None


def test_approving_everything_keeps_the_promise(asked: Bundle, maya: Contact) -> None:
    approve_all(asked, [newest(asked), newest(asked, "Tuesday")], by=actor_of(maya))
    row = promise_of(asked)
    assert row.state == State.DONE and row.waiting_since is None
    asked.refresh_from_db()
    assert asked.settled_at == cast.NOW
    assert turn_of(standings(asked)) is Turn.DONE


def test_a_change_wanted_makes_it_ours_and_a_new_version_theirs_again(asked: Bundle, maya: Contact) -> None:
    decide(newest(asked, "Tuesday"), Verdict.APPROVED, by=actor_of(maya))
    with pytest.raises(Refusal, match="what is to be changed"):
        decide(newest(asked), Verdict.CHANGE_WANTED, by=actor_of(maya))
    decide(newest(asked), Verdict.CHANGE_WANTED, by=actor_of(maya), words="Say bicycle.")
    assert promise_of(asked).waiting_since is None and promise_of(asked).state == State.OPEN
    add_version(newest(asked).piece, by=SYSTEM, text="Bicycles, on.")
    assert promise_of(asked).waiting_since is not None
    assert newest(asked).number == 2 and not may_be_scheduled(newest(asked).piece)
    decide(newest(asked), Verdict.APPROVED, by=actor_of(maya))
    assert promise_of(asked).state == State.DONE


def test_who_read_an_older_version_is_told_that_it_changed(asked: Bundle, maya: Contact) -> None:
    seen = newest(asked)
    add_version(seen.piece, by=SYSTEM, text="Bicycles, on.")
    with pytest.raises(Conflict, match="version 2 is there now"):
        decide(seen, Verdict.APPROVED, by=actor_of(maya))
    assert not Decision.objects.exists()


def test_pressing_twice_is_one_decision(asked: Bundle, maya: Contact) -> None:
    first = decide(newest(asked), Verdict.APPROVED, by=actor_of(maya))
    assert decide(newest(asked), Verdict.APPROVED, by=actor_of(maya)) == first
    assert Event.objects.filter(verb="approval.decided").count() == 1
    with pytest.raises(Refusal, match="decided on “Monday” already"):
        decide(newest(asked), Verdict.CHANGE_WANTED, by=actor_of(maya), words="No.")


def test_it_can_be_taken_back_until_somebody_built_on_it(asked: Bundle, maya: Contact, ola: Contact) -> None:
    made = decide(newest(asked), Verdict.APPROVED, by=actor_of(maya))
    with pytest.raises(Refusal, match="Only whoever said it"):
        take_back(made, by=actor_of(ola))
    take_back(made, by=actor_of(maya))
    assert not may_be_scheduled(newest(asked).piece)
    again = decide(newest(asked), Verdict.APPROVED, by=actor_of(maya))
    schedule_posting(newest(asked).piece, at("2026-12-07"), by=SYSTEM)
    with pytest.raises(Refusal, match="scheduled"):
        take_back(again, by=actor_of(maya))


def test_levels_decide_in_order(northwind: Cast, maya: Contact, ola: Contact) -> None:
    bundle = copied(northwind.halden, mode=Mode.SEVERAL)
    with pytest.raises(Refusal, match="two to 4"):
        ask_for_approval(bundle, [[maya]], by=SYSTEM)
    ask_for_approval(bundle, [[maya], [ola]], by=SYSTEM)
    assert [mail.contact for mail in Message.objects.all()] == [maya]
    with pytest.raises(Refusal, match="before you"):
        decide(newest(bundle), Verdict.APPROVED, by=actor_of(ola))
    decide(newest(bundle), Verdict.APPROVED, by=actor_of(maya))
    assert not may_be_scheduled(newest(bundle).piece)
    assert {mail.contact for mail in Message.objects.all()} == {maya, ola}
    decide(newest(bundle), Verdict.APPROVED, by=actor_of(ola))
    assert may_be_scheduled(newest(bundle).piece)


def test_at_one_level_one_of_those_named_is_enough(northwind: Cast, maya: Contact, ola: Contact) -> None:
    bundle = ask_for_approval(copied(northwind.halden), [[maya, ola]], by=SYSTEM)
    decide(newest(bundle), Verdict.APPROVED, by=actor_of(ola))
    with pytest.raises(Refusal, match="Ola Brandt has decided"):
        decide(newest(bundle), Verdict.APPROVED, by=actor_of(maya))


def test_agreed_changes_are_put_in_before_it_is_posted(asked: Bundle, maya: Contact) -> None:
    piece = newest(asked).piece
    with pytest.raises(Refusal, match="still to be put in"):
        put_in_changes(piece, by=SYSTEM, text="Bicycles.")
    decide(newest(asked), Verdict.WITH_CHANGES, by=actor_of(maya), words="Bicycle, not bike.")
    assert "Bicycle, not bike." in why_not(piece)
    made = put_in_changes(piece, by=SYSTEM, text="Bicycles.")
    assert may_be_scheduled(piece) and made.carries is not None and made.carries.number == 1
    add_version(piece, by=SYSTEM, text="Something else.")
    assert not may_be_scheduled(piece)


def test_nothing_is_scheduled_before_it_is_approved(asked: Bundle, maya: Contact, northwind: Cast) -> None:
    piece = newest(asked).piece
    with pytest.raises(Refusal, match="not approved yet"):
        schedule_posting(piece, at("2026-12-07"), by=SYSTEM)
    decide(newest(asked), Verdict.APPROVED, by=actor_of(maya))
    with pytest.raises(Refusal, match="is over"):
        schedule_posting(piece, at("2026-11-23"), by=SYSTEM)
    posting = schedule_posting(piece, at("2026-12-07"), by=northwind.jody.actor, member=northwind.jody)
    promise = posting.commitment
    assert promise is not None and promise.title == "Post “Monday”" and promise.due_on == dt.date(2026, 12, 7)
    schedule_posting(piece, at("2026-12-08"), by=SYSTEM)
    assert Posting.objects.get(ended_at=None).at == at("2026-12-08")
    promise.refresh_from_db()
    assert promise.state == State.WITHDRAWN
    add_version(piece, by=SYSTEM, text="Bicycles, on.")
    assert not Posting.objects.filter(ended_at=None).exists()
    with pytest.raises(Refusal, match="is not scheduled"):
        unschedule_posting(piece, by=SYSTEM)


@pytest.mark.parametrize(("mode", "free"), [(Mode.NONE, True), (Mode.OPTIONAL, True), (Mode.ONE, False)])
def test_other_content_may_do_without(northwind: Cast, mode: Mode, free: bool) -> None:
    bundle = copied(northwind.halden, mode=mode, is_social=False)
    assert may_be_scheduled(newest(bundle).piece) is free


def test_what_was_optional_and_is_wanted_otherwise_is_not_posted(northwind: Cast, maya: Contact) -> None:
    bundle = copied(northwind.halden, mode=Mode.OPTIONAL, is_social=False)
    ask_for_approval(bundle, [[maya]], by=SYSTEM)
    assert may_be_scheduled(newest(bundle).piece)
    decide(newest(bundle), Verdict.CHANGE_WANTED, by=actor_of(maya), words="Not this week.")
    assert "Not this week." in why_not(newest(bundle).piece)


def test_what_needs_no_approval_is_not_asked_for(northwind: Cast, maya: Contact) -> None:
    with pytest.raises(Refusal, match="needs no approval"):
        ask_for_approval(copied(northwind.halden, mode=Mode.NONE, is_social=False), [[maya]], by=SYSTEM)


def test_a_colleague_decides_instead(asked: Bundle, maya: Contact, ola: Contact) -> None:
    with pytest.raises(Refusal, match="Only whoever is asked"):
        hand_over(asked, maya, by=actor_of(ola), to=ola)
    hand_over(asked, maya, by=actor_of(maya), to=ola, note="You know the models.")
    with pytest.raises(Refusal, match="not asked"):
        decide(newest(asked), Verdict.APPROVED, by=actor_of(maya))
    decide(newest(asked), Verdict.APPROVED, by=actor_of(ola))
    assert "Maya Lind asks you" in Message.objects.get(contact=ola).text


def test_a_new_colleague_is_of_the_same_house(asked: Bundle, maya: Contact) -> None:
    with pytest.raises(Refusal, match="outside your organisation"):
        hand_over(asked, maya, by=actor_of(maya), name="Eve", email="eve@elsewhere.test")
    made = hand_over(asked, maya, by=actor_of(maya), name="Nils Vey", email="nils@haldenbikes.test")
    assert made.contact.name == "Nils Vey" and made.handed_by == maya


def test_strangers_prepare_and_schedule_nothing(northwind: Cast, asked: Bundle, maya: Contact) -> None:
    for actor in (northwind.sam.actor, actor_of(maya)):
        with pytest.raises(NotYours):
            prepare_bundle(northwind.orbit, "Posts", by=actor, due_on=DUE)
    for act in (
        lambda by: add_version(newest(asked).piece, by=by, text="x"),
        lambda by: schedule_posting(newest(asked).piece, at("2026-12-07"), by=by),
        lambda by: withdraw_bundle(asked, by=by, reason="x"),
        lambda by: remind(asked, by=by),
    ):
        with pytest.raises(NotYours):
            act(actor_of(maya))
    with pytest.raises(Refusal, match="Only the client approves"):
        decide(newest(asked), Verdict.APPROVED, by=northwind.jody.actor)


def test_files_are_what_the_piece_is(northwind: Cast) -> None:
    bundle = copied(northwind.halden)
    piece = pictured(bundle)
    assert newest(bundle, "Header").file.media_type == "image/png"
    with pytest.raises(Refusal, match="not a picture"):
        upload_version(piece, Upload("film.png", webm()), by=SYSTEM)
    film = add_piece(bundle, "Film", PieceKind.VIDEO, by=SYSTEM)
    assert upload_version(film, Upload("film.webm", webm()), by=SYSTEM).file.media_type == "video/webm"
    with pytest.raises(Refusal, match="is copy"):
        upload_version(newest(bundle).piece, Upload("a.png", png()), by=SYSTEM)
    remove_piece(piece, by=SYSTEM)
    with pytest.raises(Refusal, match="not in the bundle"):
        upload_version(piece, Upload("a.png", png()), by=SYSTEM)
    assert northwind.halden.files.count() == 2, "a refused version leaves no file"


def test_comments_keep_their_place(northwind: Cast, maya: Contact) -> None:
    bundle = copied(northwind.halden)
    pictured(bundle)
    version = newest(bundle, "Header")
    inside = comment(version, "Too dark?", by=northwind.jody.actor)
    assert not inside.shared and inside.member == northwind.jody
    ask_for_approval(bundle, [[maya]], by=SYSTEM)
    said = comment(version, "Move it.", by=actor_of(maya), place=(Decimal("12.5"), Decimal(80)))
    assert said.shared and (said.x, said.y) == (Decimal("12.5"), 80)
    with pytest.raises(Refusal, match="outside the picture"):
        comment(version, "There.", by=actor_of(maya), place=(Decimal(101), Decimal(1)))
    with pytest.raises(Refusal, match="Only a video"):
        comment(version, "There.", by=actor_of(maya), seconds=Decimal(3))
    with pytest.raises(Refusal, match="Only a picture"):
        comment(newest(bundle), "There.", by=actor_of(maya), place=(Decimal(1), Decimal(1)))


def test_the_days_we_waited_are_working_days(northwind: Cast, asked: Bundle, maya: Contact) -> None:
    with time_machine.travel(at("2026-11-30"), tick=False):  # Monday: Wed, Thu, Fri, Mon
        assert len(days_waited([asked])[asked.pk]) == 4
        decide(newest(asked), Verdict.CHANGE_WANTED, by=actor_of(maya), words="No.")
        decide(newest(asked, "Tuesday"), Verdict.APPROVED, by=actor_of(maya))
    with time_machine.travel(at("2026-12-03"), tick=False):
        assert len(days_waited([asked])[asked.pk]) == 4
        add_version(newest(asked).piece, by=SYSTEM, text="Better.")
    with time_machine.travel(at("2026-12-04"), tick=False):
        decide(newest(asked), Verdict.APPROVED, by=actor_of(maya))
    with time_machine.travel(at("2026-12-20"), tick=False):
        assert len(days_waited([asked])[asked.pk]) == 5
        halden = northwind.halden.pk
        assert days_waited_on(halden, first=dt.date(2026, 12, 1), last=dt.date(2026, 12, 31)) == 1
        assert days_waited_on(halden, first=dt.date(2026, 10, 1), last=dt.date(2026, 12, 31)) == 5


def test_each_rung_is_climbed_once(asked: Bundle, maya: Contact) -> None:
    Message.objects.update(state="sent")
    assert remind_everybody() == 0
    for day, step in (("2026-11-27", Step.BEFORE), ("2026-12-01", Step.ON), ("2026-12-03", Step.AFTER)):
        with time_machine.travel(at(day), tick=False):
            assert (remind_everybody(), remind_everybody()) == (1, 0)
            made = Reminder.objects.latest("pk")
            assert made.step == step and made.messages.get().contact == maya
            Message.objects.update(state="sent")
    with time_machine.travel(at("2026-12-04"), tick=False):
        remind(asked, by=SYSTEM)
        ask_again(asked, by=SYSTEM, due_on=dt.date(2026, 12, 9))
        assert promise_of(asked).due_on == dt.date(2026, 12, 9)
        assert remind_everybody() == 0
    with time_machine.travel(at("2026-12-07"), tick=False):
        assert remind_everybody() == 1


def test_who_answered_is_not_reminded(asked: Bundle, maya: Contact) -> None:
    approve_all(asked, [newest(asked), newest(asked, "Tuesday")], by=actor_of(maya))
    with time_machine.travel(at("2026-12-10"), tick=False):
        assert remind_everybody() == 0
    with pytest.raises(Refusal, match="does not wait"):
        remind(asked, by=SYSTEM)


def test_asked_and_approved_again_after_a_late_change(asked: Bundle, maya: Contact) -> None:
    approve_all(asked, [newest(asked), newest(asked, "Tuesday")], by=actor_of(maya))
    first = promise_of(asked)
    add_version(newest(asked).piece, by=SYSTEM, text="One more thing.")
    second = promise_of(asked)
    assert second.pk != first.pk and second.waiting_since is not None
    decide(newest(asked), Verdict.APPROVED, by=actor_of(maya))
    assert promise_of(asked).state == State.DONE


def test_a_review_says_what_we_waited_for(northwind: Cast, asked: Bundle) -> None:
    meeting = plan_meeting(
        northwind.halden,
        "Review",
        by=SYSTEM,
        day=dt.date(2026, 12, 4),
        time=dt.time(15),
        led_by=northwind.jody,
        agenda_key=REVIEW,
    )
    with time_machine.travel(at("2026-12-03"), tick=False):
        found = sections_of(meeting, northwind.jody.actor, at("2026-12-03"))
    (section,) = [one for one in found if one.key == "approvals"]
    quarter, bundle = section.topics
    assert "7 working days" in quarter.text
    assert "7 working days waited" in bundle.text and bundle.late


def test_a_client_that_is_removed_takes_its_approvals_along(northwind: Cast, asked: Bundle) -> None:
    pictured(asked)
    remove_clients([northwind.halden.pk], by=SYSTEM)
    assert not Bundle.objects.exists() and not PieceVersion.objects.exists()
