"""What stands in a form, and whom it is open to."""

from __future__ import annotations

from collections.abc import Iterable

from steadyhand.clients.models import Contact
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models.event import Audience
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.onboarding.forms.engine import Progress, progress
from steadyhand.onboarding.forms.values import Value
from steadyhand.onboarding.models import Answer, FormFile, SentForm
from steadyhand.playbook.form_questions import FormSection


class NotTheirs(Refusal):
    """Somebody at the client wrote where nothing is open to them."""


def answers_of(sent: SentForm) -> dict[str, Value]:
    """Every standing answer by its question; of files, their names. Two queries."""
    return answers_of_all([sent])[sent.pk]


def answers_of_all(forms: Iterable[SentForm]) -> dict[int, dict[str, Value]]:
    """The same for many forms, by form. Two queries."""
    found: dict[int, dict[str, Value]] = {form.pk: {} for form in forms}
    for row in Answer.objects.filter(form__in=found):
        found[row.form_id][row.question_key] = row.value
    for file in FormFile.objects.filter(form__in=found).select_related("file"):
        names = found[file.form_id].setdefault(file.question_key, [])
        if isinstance(names, list):
            names.append(file.file.name)  # type: ignore[arg-type]
    return found


def progress_of(sent: SentForm, answers: dict[str, Value]) -> Progress:
    """How far the whole form is."""
    return progress(sent.form, answers)


def is_whole_for(sent: SentForm, contact: Contact) -> bool:
    """Whether all of it is open to them: it was sent to them."""
    return sent.contact_id == contact.pk


def open_sections(sent: SentForm, contact: Contact) -> list[FormSection]:
    """The sections a contact may read and write: all of a form sent to them, else what was handed to them."""
    if is_whole_for(sent, contact):
        return list(sent.form.sections)
    handed = set(sent.handed.filter(contact=contact).values_list("section_key", flat=True))
    return [section for section in sent.form.sections if section.key in handed]


def writer(sent: SentForm, by: Actor) -> Contact:
    """The contact who acts, at this form's client; refuses everybody else."""
    found = (
        Contact.objects.filter(pk=by.id or 0, client=sent.client_id, left_on=None).first()
        if by.kind is ActorKind.CONTACT
        else None
    )
    if found is None:
        raise NotTheirs("This form is filled in by the client.", remedy="Send them a link to it.")
    return found


def demand_whole(sent: SentForm, by: Actor) -> Contact:
    """The contact it was sent to; refuses a colleague who has a section of it."""
    contact = writer(sent, by)
    if not is_whole_for(sent, contact):
        who = sent.contact.name if sent.contact else "whoever it was sent to"
        raise NotTheirs("Only a part of this form is yours.", remedy=f"Ask {who} to do it.")
    return contact


def locked(sent: SentForm) -> SentForm:
    """The form, held for a change."""
    rows = SentForm.objects.select_for_update(of=("self",)).select_related("client", "contact", "version")
    return rows.defer("version__document", "version__content").get(pk=sent.pk)


def locked_open(sent: SentForm) -> SentForm:
    """The form, held for a change by the client; refuses one that is no longer theirs to write in."""
    row = locked(sent)
    demand_open(row)
    return row


def demand_open(sent: SentForm) -> None:
    """Refuse to write in a form that the client has sent back, or that was withdrawn."""
    if not sent.is_open:
        raise Conflict(
            f"“{sent.title}” has been sent back.", remedy="Open it again to change something, or tell us."
        )


def audience_of(sent: SentForm) -> Audience:
    """Who reads what happens to it."""
    return Audience.FINANCE if sent.is_finance else Audience.TEAM
