"""An agreement from template to signature: who may do what, in which state, and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from steadyhand.commitments.models import Commitment
from steadyhand.core.models import Event
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.onboarding.agreements import drafting, groundwork, sharing, signing
from steadyhand.onboarding.agreements.drafting import ClauseText
from steadyhand.onboarding.agreements.signing import sign_for_agency, sign_for_client
from steadyhand.onboarding.agreements.verifying import verify_records
from steadyhand.onboarding.models import (
    Agreement,
    AgreementSignature,
    AgreementState,
    AgreementVersion,
    Groundwork,
)
from tests.cast import NOW, SYSTEM, Cast, build
from tests.onboarding.agreeing import acting, again, both_sign, ceremony, draft, maya, ready, shared

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """Built once; each test takes back what it wrote."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        yield build(planned=False)
        transaction.set_rollback(True)


def verbs() -> list[str]:
    return list(
        Event.objects.filter(verb__startswith="agreement.").order_by("pk").values_list("verb", flat=True)
    )


@pytest.mark.parametrize("template", ["contract", "sla"])
def test_a_template_is_filled_in_with_what_we_know(cast: Cast, template: str) -> None:
    row = draft(cast, template)
    text = " ".join(clause.text for clause in row.working_version.clauses.all())
    assert "Halden Bikes" in text and "Northwind" in text
    assert row.owner == cast.jody and row.engagement.client == cast.halden
    assert drafting.gaps_of(row.working_version) == []


def test_a_project_agreement_is_about_a_project_and_asks_where_there_is_none(cast: Cast) -> None:
    row = drafting.draft_agreement(cast.fernhill, "project", by=cast.jody.actor)
    assert row.engagement == cast.fernhill.engagements.get()
    assert "£6,000, plus" in row.working_version.clauses.get(key="price").text
    none = draft(cast, "project")
    assert none.engagement is None
    assert drafting.gaps_of(none.working_version) == ["engagement.services", "engagement.spend"]


def test_what_the_agreement_says_of_itself_is_filled_in_when_it_is_shared(cast: Cast) -> None:
    row = draft(cast)
    version = row.working_version
    term = version.clauses.get(key="term")
    assert "{{ agreement.begins }}" in term.text
    edited(row, cast, ends_on=dt.date(2027, 11, 30), notice_days=60)
    sharing.share(row, by=cast.jody.actor)
    said = again(row).shared_version.clauses.get(key="term").text
    assert "ends on Tuesday 30 November 2027" in said and "60 days" in said


def edited(row: Agreement, cast: Cast, **more: object) -> AgreementVersion:
    version = again(row).working_version
    texts = [ClauseText(one.title, one.text, one.key) for one in version.clauses.all()]
    values = {"begins_on": version.begins_on, "ends_on": version.ends_on, "notice_days": version.notice_days}
    return drafting.edit_draft(row, texts, by=cast.jody.actor, **(values | more))  # type: ignore[arg-type]


def test_a_gap_in_a_clause_is_named_and_not_shared(cast: Cast) -> None:
    row = draft(cast)
    drafting.edit_draft(
        row,
        [ClauseText("Price", "You pay {{ value.invested }}.")],
        by=cast.jody.actor,
        begins_on=NOW.date(),
        ends_on=None,
        notice_days=30,
    )
    with pytest.raises(
        Refusal, match=r"Clause 1, “Price”, still has nothing in place of \{\{ value.invested"
    ):
        sharing.share(row, by=cast.jody.actor)
    assert again(row).shared_at is None


def test_two_people_at_one_draft_do_not_overwrite_each_other(cast: Cast) -> None:
    row = draft(cast)
    seen = drafting.digest_of(row.working_version)
    edited(row, cast, notice_days=45, seen=seen)
    with pytest.raises(Conflict):
        edited(row, cast, notice_days=90, seen=seen)
    assert again(row).working_version.notice_days == 45


def test_a_draft_is_not_shared_with_the_client_until_somebody_shares_it(cast: Cast) -> None:
    row = draft(cast)
    seen = Agreement.objects.shared_with(maya(cast))
    assert not seen.exists()
    sharing.share(row, by=cast.jody.actor)
    assert seen.get() == row
    stranger = cast.orbit.contacts.create(name="Priya", made_at=NOW)
    assert not Agreement.objects.shared_with(stranger).exists()


def test_what_was_shared_stands_and_a_change_is_another_version(cast: Cast) -> None:
    row = shared(cast)
    first = row.shared_version.digest
    with pytest.raises(Refusal, match="no version in work"):
        drafting.edit_draft(
            row, [ClauseText("A", "B")], by=SYSTEM, begins_on=NOW.date(), ends_on=None, notice_days=1
        )
    drafting.revise(row, by=cast.jody.actor)
    edited(row, cast, notice_days=90)
    assert again(row).shared_version.digest == first
    sharing.share(row, by=cast.jody.actor)
    second = again(row).shared_version
    assert second.number == 2 and second.digest != first
    assert "90 days" in second.clauses.get(key="term").text  # the field is still open in a copy
    assert verbs() == [
        "agreement.drafted",
        "agreement.shared",
        "agreement.revised",
        "agreement.edited",
        "agreement.shared",
    ]


def test_a_comment_of_the_client_is_settled_before_anybody_signs(cast: Cast) -> None:
    row = shared(cast)
    for kind in ("brief", "objective", "plan"):
        groundwork.file_groundwork(row.engagement, kind, "Written.", by=cast.jody.actor)
    said = sharing.comment(
        row, "Ninety days, please.", by=acting(maya(cast)), clause_key="term", contact=maya(cast)
    )
    with pytest.raises(Refusal, match="1 comment of the client is not settled"):
        sharing.make_ready(row, by=cast.jody.actor)
    sharing.settle_comment(said, by=cast.jody.actor)
    assert sharing.make_ready(row, by=cast.jody.actor).state == AgreementState.READY


def test_a_contact_speaks_for_themselves_and_their_own_client_only(cast: Cast) -> None:
    row = shared(cast)
    stranger = cast.orbit.contacts.create(name="Priya", email="p@orbit.test", made_at=NOW)
    for contact, by in ((stranger, acting(stranger)), (maya(cast), acting(stranger))):
        with pytest.raises(Refusal):
            sharing.comment(row, "Hello", by=by, contact=contact)
        with pytest.raises(Refusal):
            sharing.decline(row, contact, by=by, reason="No")
        with pytest.raises(Refusal):
            sign_for_client(row, contact, ceremony(row), by=by)
    assert verbs() == ["agreement.drafted", "agreement.shared"]


def test_both_sign_and_the_dates_are_promised(cast: Cast) -> None:
    row = ready(cast, ends_on=dt.date(2027, 11, 30), notice_days=60)
    row = both_sign(row, cast)
    assert row.state == AgreementState.SIGNED and verify_records(row).is_intact
    promised = Commitment.objects.filter(about_type="onboarding.agreement").order_by("due_on")
    assert [(one.due_on.isoformat(), one.internal, one.owner) for one in promised] == [
        ("2027-09-01", True, cast.jody),
        ("2027-10-01", True, cast.jody),
        ("2027-11-30", True, cast.jody),
    ]
    assert verbs()[-2:] == ["agreement.signed", "agreement.signed"]


def test_a_double_click_is_one_signature_and_a_second_person_is_refused(cast: Cast) -> None:
    row = ready(cast)
    first = sign_for_client(row, maya(cast), ceremony(row), by=acting(maya(cast)))
    assert sign_for_client(row, maya(cast), ceremony(row), by=acting(maya(cast))) == first
    ola = cast.halden.contacts.get(name="Ola Brandt")
    with pytest.raises(Refusal, match="Maya Lind has signed for the client already"):
        sign_for_client(row, ola, ceremony(row, "Ola Brandt"), by=acting(ola))
    assert AgreementSignature.objects.count() == 1 and verbs().count("agreement.signed") == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementSignature.objects.create(
            agreement=row,
            version=first.version,
            side="client",
            name="x",
            consent="x",
            intent="x",
            at=NOW,
            digest="",
        )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"consents": False}, "Tick that you agree"),
        ({"name": " "}, "Type your full name"),
        ({"digest": "0" * 64}, "has changed since you opened it"),
    ],
)
def test_a_signature_needs_name_consent_and_the_text_that_was_read(
    cast: Cast, change: dict[str, object], said: str
) -> None:
    row = ready(cast)
    values = {"name": "Maya Lind"} | change
    name = str(values.pop("name"))
    with pytest.raises(Refusal, match=said):
        sign_for_client(row, maya(cast), ceremony(row, name, **values), by=acting(maya(cast)))
    assert not AgreementSignature.objects.exists()


def test_nobody_signs_a_text_that_was_altered_in_storage(cast: Cast) -> None:
    row = ready(cast)
    row.shared_version.clauses.filter(key="fees").update(text="You pay twice.")
    with pytest.raises(Refusal, match="no longer what was shared"):
        sign_for_client(row, maya(cast), ceremony(row), by=acting(maya(cast)))


def test_a_new_version_after_ready_takes_readiness_back(cast: Cast) -> None:
    row = ready(cast)
    old = ceremony(row)
    drafting.revise(row, by=cast.jody.actor)
    assert again(row).state == AgreementState.SHARED
    edited(row, cast, notice_days=1)
    sharing.share(row, by=cast.jody.actor)
    sharing.make_ready(row, by=cast.jody.actor)
    with pytest.raises(Conflict, match="has changed since you opened it"):
        sign_for_client(row, maya(cast), old, by=acting(maya(cast)))


def test_once_signed_by_one_side_the_words_stay(cast: Cast) -> None:
    row = ready(cast)
    sign_for_client(row, maya(cast), ceremony(row), by=acting(maya(cast)))
    with pytest.raises(Refusal, match="has been signed by one side"):
        drafting.revise(row, by=cast.jody.actor)
    sharing.withdraw(row, by=cast.jody.actor, reason="We begin anew.")
    with pytest.raises(Refusal, match="it is withdrawn"):
        sign_for_agency(row, cast.jody, ceremony(row), by=cast.jody.actor)


def test_a_client_declines_and_says_why(cast: Cast) -> None:
    row = shared(cast)
    with pytest.raises(Refusal, match="Say why"):
        sharing.decline(row, maya(cast), by=acting(maya(cast)), reason=" ")
    sharing.decline(row, maya(cast), by=acting(maya(cast)), reason="Too dear.")
    row = again(row)
    assert (row.state, row.closed_why, row.closed_by) == ("declined", "Too dear.", "Maya Lind")
    with pytest.raises(Refusal, match="is declined"):
        sharing.comment(row, "But", by=cast.jody.actor, member=cast.jody)


def test_a_newer_agreement_takes_the_place_and_the_old_dates_are_owed_no_more(cast: Cast) -> None:
    old = both_sign(ready(cast, ends_on=dt.date(2027, 11, 30)), cast)
    with pytest.raises(Refusal, match="both sides have signed"):
        sharing.replace(old, draft(cast), by=cast.jody.actor)
    new = both_sign(ready(cast, title="Contract of 2028", like=old), cast)
    sharing.replace(old, new, by=cast.jody.actor)
    assert again(old).state == AgreementState.REPLACED and again(old).replaced_by == new
    owed = Commitment.objects.filter(about_type="onboarding.agreement", about_id=old.pk, state="open")
    assert not owed.exists()


def test_a_state_that_contradicts_itself_cannot_be_stored(cast: Cast) -> None:
    row = draft(cast)
    for state in ("shared", "ready", "signed", "sealed", "declined", "withdrawn"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.filter(pk=row.pk).update(state=state)


# --- no engagement starts without brief, objective and plan


def test_no_engagement_starts_without_its_papers(cast: Cast) -> None:
    row = shared(cast)
    with pytest.raises(Refusal, match="no written brief, objective and plan on file"):
        sharing.make_ready(row, by=cast.jody.actor)
    groundwork.file_groundwork(row.engagement, "brief", "Bikes.", by=cast.jody.actor)
    with pytest.raises(Refusal, match="no written objective and plan on file"):
        sharing.make_ready(row, by=cast.jody.actor)
    groundwork.waive_groundwork(row.engagement, by=cast.keiran.actor, reason="They begin on Monday.")
    sharing.make_ready(row, by=cast.jody.actor)
    assert again(row).state == AgreementState.READY


def test_a_newer_paper_takes_the_place_of_the_older_which_stays_readable(cast: Cast) -> None:
    engagement = cast.halden.engagements.get()
    groundwork.file_groundwork(engagement, "plan", "First.", by=cast.jody.actor)
    groundwork.file_groundwork(engagement, "plan", "Second.", by=cast.jody.actor)
    assert [one.text for one in Groundwork.objects.standing()] == ["Second."]
    assert Groundwork.objects.count() == 2


def test_those_without_are_chased_once_and_the_promise_is_kept_by_the_papers(cast: Cast) -> None:
    with time_machine.travel(NOW - dt.timedelta(days=20), tick=False):
        assert groundwork.chase_groundwork() == 1  # Fernhill begins; the others began long ago
        assert groundwork.chase_groundwork() == 0
        promised = Commitment.objects.get(about_type="clients.engagement")
        assert promised.owner == cast.jody and promised.internal
        engagement = cast.fernhill.engagements.get()
        for kind in ("brief", "objective", "plan"):
            groundwork.file_groundwork(engagement, kind, "Written.", by=cast.jody.actor)
        promised.refresh_from_db()
        assert promised.state == "done"
        assert groundwork.chase_groundwork() == 0


def test_the_seal_is_woken_by_the_last_signature(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr(signing.duties, "wake", woken.append)
    both_sign(ready(cast), cast)
    assert woken == ["onboarding.seal_agreements"]
