"""Taking a returned form over: answers become the client's record, nothing is overwritten unseen (O1, O2).

What the answers would change is a list of proposals, one for each fact, with what the record says today
beside it. Whoever takes over accepts them one by one; every one goes through the record's own verb.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from steadyhand.clients.personal import keeps_details
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Conflict
from steadyhand.delivery.rights import in_working_days, lead_of
from steadyhand.onboarding.forms.engine import counted
from steadyhand.onboarding.forms.facts import Fact, facts_of, record_facts
from steadyhand.onboarding.forms.reading import answers_of, audience_of, locked
from steadyhand.onboarding.forms.sending import ABOUT
from steadyhand.onboarding.forms.values import NO, YES, Value, stamp
from steadyhand.onboarding.models import FormState, SentForm
from steadyhand.people.roles import Capability

#: Working days until a CRM is spoken about. Ours.
CRM_WITHIN = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """One fact as the form tells it (`told`), beside what the record says (`known`, "" for nothing)."""

    fact: Fact
    token: str

    @property
    def is_new(self) -> bool:
        """Whether the record says nothing yet."""
        return not self.fact.known

    @property
    def is_same(self) -> bool:
        """Whether there is nothing to do."""
        return self.fact.known == self.fact.told


def proposals(sent: SentForm, *, by: Actor) -> list[Proposal]:
    """What the form would put on the record, in its order. Personal facts only for the account team."""
    sent = SentForm.objects.preloaded().get(pk=sent.pk)  # beside the record as it is now
    answers = counted(sent.form, answers_of(sent))
    on_team = keeps_details(sent.client_id, by)
    return [
        Proposal(fact, f"{fact.key}~{stamp([fact.known, fact.told])}")
        for fact in facts_of(sent, answers)
        if on_team or not fact.is_personal
    ]


@transaction.atomic
def take_over(sent: SentForm, accepted: Collection[str], *, by: Actor) -> SentForm:
    """Put the accepted proposals (by their tokens) on the record; the form is then closed.

    Refuses when the record, or the form, has changed since the proposals were read.
    """
    row = locked(sent)
    _demand_taker(row, by)
    if row.state != FormState.RETURNED:
        raise Conflict(
            f"“{row.title}” is {row.get_state_display()}.", remedy="Only a returned one is taken over."
        )
    current = {proposal.token: proposal for proposal in proposals(row, by=by)}
    if any(token not in current for token in accepted):
        raise Conflict(
            f"What we know of {row.client.name} has changed since you opened this.",
            remedy="Nothing was overwritten. Look at it again.",
        )
    taken = [proposal for token, proposal in current.items() if token in accepted and not proposal.is_same]
    record_facts(row, [proposal.fact for proposal in taken], by=by)
    row.state, row.taken_over_at, row.taken_over_by = FormState.TAKEN_OVER, clock.now(), by.name
    row.save(update_fields=["state", "taken_over_at", "taken_over_by"])
    _advise_crm(row, by)
    events.record(
        "form.taken_over",
        by=by,
        client_id=row.client_id,
        subject=row,
        audience=audience_of(row),
        title=row.title,
        taken=len(taken),
        left=sum(not proposal.is_same for proposal in current.values()) - len(taken),
    )
    return row


def may_take_over(sent: SentForm, by: Actor) -> bool:
    """Whether somebody may put a form's answers on the record: finance its own, else the account team."""
    if sent.is_finance:
        return by.may(Capability.SEE_FINANCE)
    return by.may(Capability.EDIT_CLIENTS) and may_act_for(sent.client_id, by)


def _demand_taker(sent: SentForm, by: Actor) -> None:
    if not may_take_over(sent, by):
        who = "Finance takes this form over." if sent.is_finance else "You are not on that account team."
        raise NotYours(who, remedy="Ask somebody who is.")


def _advise_crm(row: SentForm, by: Actor) -> None:
    """A CRM to connect, or to get, is spoken about soon: without one nobody sees lead quality (R10)."""
    crm = crm_in(row, answers_of(row))
    if crm is None:
        return
    has, name = crm
    title = f"Ask to connect {name or 'their CRM'}" if has else "Advise a CRM, and connecting it"
    keeping.promise(
        row.client,
        f"{title}: {row.client.name}",
        by=by,
        owner=lead_of(row.client),
        due_on=in_working_days(row.client, CRM_WITHIN),
        about=(ABOUT, row.pk),
    )


def crm_in(sent: SentForm, answers: dict[str, Value]) -> tuple[bool, str] | None:
    """Whether the client has a CRM, and its name; None where the form does not say."""
    told = counted(sent.form, answers)
    by_target = {q.maps_to: told[q.key] for q in sent.form.questions if q.maps_to and q.key in told}
    has = by_target.get("crm.exists")
    if has not in (YES, NO):
        return None
    return has == YES, str(by_target.get("crm.name", ""))
