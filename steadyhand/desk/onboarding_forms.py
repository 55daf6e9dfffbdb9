"""Forms of a client for us: what is out and how far, what they told us, and what may be taken over."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects

from steadyhand.clients.models import Client
from steadyhand.clients.personal import keeps_details
from steadyhand.core.actor import Actor
from steadyhand.onboarding.forms.engine import Progress, progress, shown
from steadyhand.onboarding.forms.knowing import known
from steadyhand.onboarding.forms.reading import answers_of, answers_of_all
from steadyhand.onboarding.forms.returning import agreement
from steadyhand.onboarding.forms.sending import forms_of_playbook
from steadyhand.onboarding.forms.taking_over import crm_in, may_take_over
from steadyhand.onboarding.forms.values import Value, words
from steadyhand.onboarding.models import (
    AgreedTerms,
    ClientChannel,
    Competitor,
    FormFile,
    FormState,
    HandedSection,
    InvoicingDetails,
    SentForm,
)
from steadyhand.people.roles import Capability
from steadyhand.playbook.form_questions import Form, FormSection, Readers
from steadyhand.playbook.models import Version

#: Details of invoicing as finance reads them.
INVOICING = (
    ("legal_name", "Legal name"),
    ("company_number", "Company number"),
    ("vat_number", "VAT or sales tax number"),
    ("address", "Address on invoices"),
    ("email", "Invoices go to"),
    ("contact_name", "Payments: ask"),
    ("phone", "Telephone"),
    ("purchase_orders", "Purchase order"),
    ("payment", "Pays by"),
    ("notes", "Also"),
)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form in the list. That it is out is no secret; how much of it is filled in says nothing of what."""

    sent: SentForm
    progress: Progress


@dataclass(frozen=True, slots=True)
class ClientForms:
    """The page of a client's forms."""

    rows: list[FormRow]
    to_send: list[Form]
    channels: list[ClientChannel]
    competitors: list[Competitor]
    crm: tuple[bool, str] | None
    invoicing: list[tuple[str, str]] = field(default_factory=list)
    sees_invoicing: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in words, or `None` where it is not asked; `files` where it is some."""

    question: str
    words: str
    by_name: str = ""
    files: tuple[FormFile, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section with its answers."""

    section: FormSection
    progress: Progress
    said: list[Said]
    handed: list[HandedSection]


@dataclass(frozen=True, slots=True)
class FormPage:
    """One form, as far as the reader may read it."""

    sent: SentForm
    readable: bool
    progress: Progress
    sections: list[SectionShown]
    agreed: AgreedTerms | None
    newer: Version | None
    may_take: bool
    disputed: int = 0
    left_out: bool = False


def forms_of(client: Client, actor: Actor) -> ClientForms:
    """What is out at a client, and what came of it. A fixed number of queries."""
    found = list(SentForm.objects.visible_to(actor).filter(client=client).preloaded())
    answers = answers_of_all(found)
    rows = [FormRow(sent, progress(sent.form, answers[sent.pk])) for sent in found]
    out = {sent.form_key for sent in found if sent.state in ("sent", "begun", "returned")}
    crm = next(
        (
            said
            for sent in found
            if sent.returned_at and not sent.is_finance and (said := crm_in(sent, answers[sent.pk]))
        ),
        None,
    )
    return ClientForms(
        rows,
        [form for form in forms_of_playbook() if form.key not in out],
        list(ClientChannel.objects.visible_to(actor).filter(client=client).standing()),
        list(Competitor.objects.visible_to(actor).filter(client=client).standing()),
        crm,
        invoicing_of(client, actor),
        actor.may(Capability.SEE_FINANCE),
    )


def invoicing_of(client: Client, actor: Actor) -> list[tuple[str, str]]:
    """How a client is invoiced, for finance; empty for everybody else (O2)."""
    row = InvoicingDetails.objects.visible_to(actor).filter(client=client).standing().first()
    return [(label, value) for name, label in INVOICING if (value := getattr(row, name, ""))]


def form_page(sent: SentForm, actor: Actor) -> FormPage:
    """One form with its answers, its parts and who does which. A fixed number of queries."""
    readable = sent.is_readable_by(actor)
    prefetch_related_objects([sent], "handed__contact")
    answers = answers_of(sent)
    live = Version.live()
    newer = live if live and live.pk != sent.version_id and sent.is_open and _asks(live, sent) else None
    sections, left_out = _sections(sent, actor, answers) if readable else ([], False)
    return FormPage(
        sent,
        readable,
        progress(sent.form, answers),
        sections,
        agreement(sent),
        newer,
        may_take_over(sent, actor) and sent.state == FormState.RETURNED,
        sent.other_answers.filter(settled_at=None).count() if readable else 0,
        left_out,
    )


def _asks(version: Version, sent: SentForm) -> bool:
    """Whether a version has this form with other words."""
    newer = next((form for form in version.policy.content.forms if form.key == sent.form_key), None)
    return newer is not None and newer != sent.form


def _sections(sent: SentForm, actor: Actor, answers: dict[str, Value]) -> tuple[list[SectionShown], bool]:
    on_team = keeps_details(sent.client_id, actor)
    asked = shown(sent.form, answers)
    names = {row.question_key: row.by_name for row in sent.answers.all()}
    files: dict[str, list[FormFile]] = {}
    for file in sent.files.select_related("file"):
        files.setdefault(file.question_key, []).append(file)
    found, left_out = [], False
    for section in sent.form.sections:
        said = []
        for question in section.questions:
            value = answers.get(question.key, "")
            if question.key not in asked or not value:
                continue
            if question.is_personal and not on_team:
                left_out = True
                continue
            said.append(
                Said(
                    question.text,
                    words(question, value),
                    names.get(question.key, ""),
                    tuple(files.get(question.key, ())),
                )
            )
        handed = [one for one in sent.handed.all() if one.section_key == section.key]
        found.append(SectionShown(section, progress(sent.form, answers, section.key), said, handed))
    return found, left_out


def filled_in_already(client: Client, form: Form, actor: Actor) -> list[tuple[str, str, str]]:
    """Key, question and words of what would be filled in, for whoever sends it to leave out.

    Of a form for finance only finance sees it.
    """
    if form.readers is Readers.FINANCE and not actor.may(Capability.SEE_FINANCE):
        return []
    told = known(client, form)
    return [(q.key, q.text, words(q, told[q.key])) for q in form.questions if q.key in told]
