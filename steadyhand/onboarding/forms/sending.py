"""Sending a form to a contact, sending its link again, renewing and withdrawing it (O1, O2)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Client, Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models.event import Audience
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.delivery.rights import in_working_days, lead_of
from steadyhand.onboarding.forms.engine import carried
from steadyhand.onboarding.forms.knowing import known
from steadyhand.onboarding.forms.reading import audience_of, locked
from steadyhand.onboarding.models import Answer, AnswerSource, FormState, SentForm
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.playbook.form_questions import Form, Readers
from steadyhand.playbook.models import Version

#: The kind of its links, and what the promise to have it back is about; only the form itself keeps that.
KIND = "form"
ABOUT = "onboarding.sentform"
#: Working days a client has for it before we ask. Ours.
BACK_WITHIN = 5
FORMS = Actor.system("forms")


def forms_of_playbook() -> tuple[Form, ...]:
    """The forms that can be sent today."""
    version = Version.live()
    return version.policy.content.forms if version else ()


def form_of(key: str) -> tuple[Version, Form]:
    """The form with this key, in the version in force; refuses a key it does not have."""
    version = Version.live()
    found = next((form for form in forms_of_playbook() if form.key == key), None)
    if version is None or found is None:
        raise Refusal(
            f"The playbook in force has no form “{key}”.", remedy="Choose one of its forms.", field="form"
        )
    return version, found


@transaction.atomic
def send_form(
    client: Client, form_key: str, *, to: Contact, by: Actor, filled_in: Collection[str] | None = None
) -> SentForm:
    """Make a form for a contact, with what we know filled in (`filled_in`: for these questions only).

    Its `link_path` is what goes into the letter; it is told only here. One form of a kind is out at a time.
    A promise to have it back waits on the client.
    """
    version, form = form_of(form_key)
    client = Client.objects.select_for_update().get(pk=client.pk)
    _demand_sender(client, form.readers, by)
    _demand_reachable(client, to)
    out = client.forms.filter(form_key=form_key, state__in=["sent", "begun", "returned"]).first()
    if out is not None:
        raise Refusal(
            f"“{out.title}” is already with {client.name}.",
            remedy="Send its link again, or withdraw it first.",
            field="form",
        )
    sent = SentForm.objects.create(
        client=client,
        form_key=form.key,
        title=form.title,
        readers=form.readers,
        version=version,
        contact=to,
        sent_at=clock.now(),
        sent_by=by.name,
    )
    _fill_in(sent, form, by, filled_in)
    sent.commitment = _promise_back(sent, by)
    sent.save(update_fields=["commitment"])
    sent.link_path = issue_link(to, KIND, sent.pk, by=by)[1]
    _record("form.sent", sent, by=by, to=to.name)
    return sent


@transaction.atomic
def send_form_again(sent: SentForm, *, by: Actor, to: Contact | None = None) -> SentForm:
    """A new link to the same form, for whoever has it or from now on `to`; `link_path` holds it.

    What they have written stays. A link that was sent before goes on working.
    """
    row = locked(sent)
    _demand_sender(row.client, row.readers, by)
    if row.state == FormState.WITHDRAWN:
        raise Refusal(f"“{row.title}” was withdrawn.", remedy="Send a new one.")
    contact = to or row.contact
    if contact is None:
        raise Refusal("Whoever had it is gone.", remedy="Choose who fills it in now.", field="to")
    _demand_reachable(row.client, contact)
    row.contact = contact
    row.save(update_fields=["contact"])
    row.link_path = issue_link(contact, KIND, row.pk, by=by)[1]
    _record("form.link_sent", row, by=by, to=contact.name)
    return row


@transaction.atomic
def renew_form(sent: SentForm, *, by: Actor) -> SentForm:
    """Bring a form to the version in force. Answers are carried over by their questions' keys.

    Answers to questions that are gone stay where they are, unseen, and come back with their question.
    """
    row = locked(sent)
    _demand_sender(row.client, row.readers, by)
    if not row.is_open:
        raise Conflict(
            f"“{row.title}” is {row.get_state_display()}.", remedy="Only one that is out can change."
        )
    version, form = form_of(row.form_key)
    if form.readers != row.readers:
        raise Refusal(
            "In the newer version somebody else reads the answers.",
            remedy="Withdraw this one, send a new one.",
        )
    if version.pk == row.version_id:
        return row
    standing = {answer.question_key: answer for answer in row.answers.all()}
    for key, value in carried(row.form, form, {k: a.value for k, a in standing.items()}).items():
        if standing[key].value != value:
            standing[key].value = value
            standing[key].save(update_fields=["value"])
    row.version, row.title = version, form.title
    row.save(update_fields=["version", "title"])
    _record("form.renewed", row, by=by, number=version.number)
    return SentForm.objects.preloaded().get(pk=row.pk)  # the questions it holds are cached


@transaction.atomic
def withdraw_form(sent: SentForm, *, by: Actor) -> SentForm:
    """It is not needed after all: it opens for nobody at the client, and nothing waits for it."""
    row = locked(sent)
    _demand_sender(row.client, row.readers, by)
    if row.state in (FormState.WITHDRAWN, FormState.TAKEN_OVER):
        raise Refusal(f"“{row.title}” is {row.get_state_display()} already.")
    row.state = FormState.WITHDRAWN
    row.save(update_fields=["state"])
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.waive(row.commitment, by=FORMS, reason="The form was withdrawn.")
    _record("form.withdrawn", row, by=by)
    return row


def _demand_sender(client: Client, readers: str, by: Actor) -> None:
    if may_act_for(client.pk, by):
        return
    if readers == Readers.FINANCE and by.may(Capability.SEE_FINANCE):
        return
    raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")


def _demand_reachable(client: Client, contact: Contact) -> None:
    if contact.client_id != client.pk:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="to"
        )
    if not contact.email:
        raise Refusal(
            f"{contact.name} has no e-mail address.", remedy="Add one, or choose somebody else.", field="to"
        )


def _fill_in(sent: SentForm, form: Form, by: Actor, wanted: Collection[str] | None) -> None:
    if form.readers is Readers.FINANCE and not by.may(Capability.SEE_FINANCE):
        wanted = None  # whoever does not read them does not choose among them either
    rows = [
        Answer(
            form=sent,
            question_key=key,
            value=value,
            source=AnswerSource.KNOWN,
            at=sent.sent_at,
            by_name=by.name,
        )
        for key, value in known(sent.client, form).items()
        if wanted is None or key in wanted
    ]
    Answer.objects.bulk_create(rows)


def _promise_back(sent: SentForm, by: Actor) -> Commitment:
    who = sent.contact.name if sent.contact else sent.client.name
    made = keeping.promise(
        sent.client,
        f"Have “{sent.title}” back from {who}",
        by=by,
        owner=_owner(sent.client, by),
        due_on=in_working_days(sent.client, BACK_WITHIN),
        about=(ABOUT, sent.pk),
        closes_with=ABOUT,
    )
    keeping.wait_on_client(made, by=FORMS)
    made.refresh_from_db()
    return made


def _owner(client: Client, by: Actor) -> Member | None:
    return lead_of(client) or Member.objects.filter(pk=by.member_id or 0).first()


def _record(verb: str, sent: SentForm, *, by: Actor, **data: Any) -> None:
    events.record(
        verb,
        by=by,
        client_id=sent.client_id,
        subject=sent,
        audience=Audience(audience_of(sent)),
        title=sent.title,
        **data,
    )
