"""Agreeing to the terms, sending a form back, and opening it again (O1, B11)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED, State
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.onboarding.forms.engine import Gap, gaps
from steadyhand.onboarding.forms.reading import (
    answers_of,
    audience_of,
    demand_whole,
    locked,
    locked_open,
)
from steadyhand.onboarding.forms.sending import ABOUT, FORMS
from steadyhand.onboarding.forms.terms import Terms, terms_of
from steadyhand.onboarding.models import AgreedTerms, FormState, SentForm


class NotComplete(Refusal):
    """A form cannot be returned yet; `missing` says what is in the way."""

    def __init__(self, missing: list[Gap], others: int) -> None:
        self.missing = missing
        count = len(missing) + others
        said = "One answer needs" if count == 1 else f"{count} answers need"
        pick = "Pick one where two people wrote different things."
        super().__init__(
            f"{said} another look before you send it back.",
            remedy=f"Begin with “{missing[0].question.text}”" if missing else pick,
        )


def terms(sent: SentForm) -> Terms | None:
    """The terms of this form, or None where it asks for none."""
    return terms_of(sent.version.policy) if sent.form.agrees_terms else None


def agreement(sent: SentForm) -> AgreedTerms | None:
    """Who agreed to these very terms, if somebody did."""
    wanted = terms(sent)
    rows = sent.agreed_terms.filter(digest=wanted.digest) if wanted else sent.agreed_terms.none()
    return rows.first()


@transaction.atomic
def agree_terms(sent: SentForm, *, by: Actor, digest: str) -> AgreedTerms:
    """Agree to the terms whose words have this digest; kept are who, when, and the words themselves."""
    row = locked_open(sent)
    contact = demand_whole(row, by)
    wanted = terms(row)
    if wanted is None:
        raise Refusal("This form has no terms to agree to.")
    if wanted.digest != digest:
        raise Conflict("The terms have changed since you opened them.", remedy="Read them again.")
    made, is_new = AgreedTerms.objects.get_or_create(
        form=row,
        digest=digest,
        defaults={"contact": contact, "name": contact.name, "at": clock.now(), "text": wanted.text},
    )
    if is_new:
        events.record(
            "form.terms_agreed",
            by=by,
            client_id=row.client_id,
            subject=row,
            audience=audience_of(row),
            title=row.title,
            digest=digest,
        )
    return made


@transaction.atomic
def return_form(sent: SentForm, *, by: Actor) -> SentForm:
    """Send it back. Refuses while something needed is missing or unsound, two values wait, or terms are open.

    The promise to have it back is kept by it.
    """
    row = locked_open(sent)
    contact = demand_whole(row, by)
    missing = gaps(row.form, answers_of(row))
    others = row.other_answers.filter(settled_at=None).values("question_key").distinct().count()
    if missing or others:
        raise NotComplete(missing, others)
    if row.form.agrees_terms and agreement(row) is None:
        raise Refusal("The terms are still to be agreed.", remedy="Read them and agree, then send it back.")
    row.state, row.returned_at = FormState.RETURNED, clock.now()
    row.returned_by, row.returned_by_name = contact, contact.name
    row.save(update_fields=["state", "returned_at", "returned_by", "returned_by_name"])
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.complete(row.commitment, by=FORMS, evidence=(ABOUT, row.pk))
    events.record(
        "form.returned",
        by=by,
        client_id=row.client_id,
        subject=row,
        audience=audience_of(row),
        title=row.title,
        name=contact.name,
    )
    return row


@transaction.atomic
def reopen_form(sent: SentForm, *, by: Actor) -> SentForm:
    """Write in it again, until it is taken over: by whoever it was sent to, or by us for them."""
    row = locked(sent)
    if by.kind is ActorKind.CONTACT:
        demand_whole(row, by)
    elif not keeping.may_act_for(row.client_id, by):
        raise keeping.NotYours("You are not on that account team.", remedy="Ask somebody who is.")
    if row.state != FormState.RETURNED:
        raise Conflict(
            f"“{row.title}” is {row.get_state_display()}.", remedy="Tell us what has changed instead."
        )
    row.state, row.returned_at = FormState.BEGUN, None
    row.returned_by, row.returned_by_name = None, ""
    row.save(update_fields=["state", "returned_at", "returned_by", "returned_by_name"])
    if row.commitment is not None and row.commitment.state in (State.DONE, State.DONE_LATE):
        keeping.reopen(row.commitment, by=FORMS)
    events.record(
        "form.reopened",
        by=by,
        client_id=row.client_id,
        subject=row,
        audience=audience_of(row),
        title=row.title,
    )
    return row
