"""Forms clients filled in, and what they told us, as tables of an export; finance's for finance alone."""

from __future__ import annotations

from django.db import models

from steadyhand.core.actor import Actor
from steadyhand.exchange.sheets import Sheet, rows_of
from steadyhand.onboarding.models import (
    AgreedTerms,
    Answer,
    ClientChannel,
    Competitor,
    FormFile,
    HandedSection,
    InvoicingDetails,
    OtherAnswer,
    SentForm,
)


def _handed(by: Actor) -> models.QuerySet[HandedSection]:
    return HandedSection.objects.filter(form__in=SentForm.objects.readable_by(by).values("pk"))


SHEETS_OF_FORMS = (
    Sheet(
        "forms",
        (
            *("id", "client", "form", "title", "version", "contact", "state", "sent", "sent by", "begun"),
            *("returned", "returned by", "taken over", "taken over by", "promise"),
        ),
        rows_of(
            lambda by: SentForm.objects.visible_to(by),
            *("pk", "client__ref", "form_key", "title", "version__number", "contact__email", "state"),
            *("sent_at", "sent_by", "begun_at", "returned_at", "returned_by_name", "taken_over_at"),
            *("taken_over_by", "commitment"),
        ),
    ),
    Sheet(
        "form_answers",
        ("client", "form", "question", "answer", "by", "at", "source"),
        rows_of(
            lambda by: Answer.objects.visible_to(by),
            *("form__client__ref", "form", "question_key", "value", "by_name", "at", "source"),
        ),
    ),
    Sheet(
        "form_other_answers",
        ("client", "form", "question", "answer", "by", "at", "settled", "settled by"),
        rows_of(
            lambda by: OtherAnswer.objects.visible_to(by),
            *("form__client__ref", "form", "question_key", "value", "by_name", "at", "settled_at"),
            "settled_by",
        ),
    ),
    Sheet(
        "form_parts_handed_on",
        ("client", "form", "part", "contact", "by", "at"),
        rows_of(_handed, "form__client__ref", "form", "section_key", "contact__email", "by_name", "at"),
    ),
    Sheet(
        "form_files",
        ("client", "form", "question", "file", "sha-256", "by", "at"),
        rows_of(
            lambda by: FormFile.objects.visible_to(by),
            *("form__client__ref", "form", "question_key", "file__name", "file__digest", "by_name", "at"),
        ),
    ),
    Sheet(
        "terms_agreed",
        ("client", "form", "contact", "name", "at", "words", "sha-256"),
        rows_of(
            lambda by: AgreedTerms.objects.visible_to(by),
            *("form__client__ref", "form", "contact__email", "name", "at", "text", "digest"),
        ),
    ),
    Sheet(
        "client_channels",
        ("client", "channel", "run by", "who", "budget of", "a month", "currency", "by", "at", "until"),
        rows_of(
            lambda by: ClientChannel.objects.visible_to(by),
            *("client__ref", "name", "run_by", "who", "budget_owner", "monthly_budget", "currency"),
            *("by_name", "at", "until"),
        ),
    ),
    Sheet(
        "competitors",
        ("client", "name", "website", "note", "by", "at", "until"),
        rows_of(
            lambda by: Competitor.objects.visible_to(by),
            *("client__ref", "name", "website", "note", "by_name", "at", "until"),
        ),
    ),
    Sheet(
        "invoicing",
        (
            *("client", "legal name", "company number", "vat number", "address", "e-mail", "contact"),
            *("telephone", "purchase orders", "payment", "notes", "by", "at", "until"),
        ),
        rows_of(
            lambda by: InvoicingDetails.objects.visible_to(by),
            *("client__ref", "legal_name", "company_number", "vat_number", "address", "email"),
            *("contact_name", "phone", "purchase_orders", "payment", "notes", "by_name", "at", "until"),
        ),
    ),
)
