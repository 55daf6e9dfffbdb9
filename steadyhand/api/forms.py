"""`/api/clients/<ref>/forms`, `/api/forms/<id>`: forms at clients, and what they answered."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpResponse
from ninja import Router, Schema

from steadyhand.api.answers import Data, answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.clients.models import Client, Stage
from steadyhand.desk.onboarding_forms import form_page
from steadyhand.onboarding.models import SentForm

of_client = Router(tags=["forms"])
router = Router(tags=["forms"])


class FormRow(Schema):
    """A form at a client. `readable` says whether its answers are for you: finance's are for finance."""

    id: int
    client: str
    form: str
    title: str
    state: str
    contact: str | None
    sent_at: dt.datetime
    returned_at: dt.datetime | None
    taken_over_at: dt.datetime | None
    version: int
    readable: bool


class AnswerRow(Schema):
    """An answer in words, with who gave it."""

    section: str
    question: str
    answer: str
    by: str


class FormWhole(FormRow):
    """A form with its answers: none where they are not for you."""

    answered: int
    asked: int
    needed: int
    terms_digest: str | None
    answers: list[AnswerRow]


@of_client.get("/{ref}/forms", response=list[FormRow], summary="Forms, newest first")
def forms(request: ApiRequest, ref: str) -> HttpResponse:
    """Of every state."""
    client = Client.objects.visible_to(request.auth).exclude(stage=Stage.MERGED).filter(ref=ref).first()
    if client is None:
        raise Http404
    rows = SentForm.objects.visible_to(request.auth).filter(client=client).preloaded()[:200]
    return answer(request, [_row(row, request) for row in rows])


@router.get("/{pk}", response=FormWhole, summary="One form with its answers", url_name="form-api")
def form(request: ApiRequest, pk: int) -> HttpResponse:
    """Answers to what is asked, in the form's order. What they say of themselves is for the account team."""
    sent = SentForm.objects.visible_to(request.auth).preloaded().filter(pk=pk).first()
    if sent is None:
        raise Http404
    page = form_page(sent, request.auth)
    answers = [
        {"section": part.section.title, "question": one.question, "answer": one.words, "by": one.by_name}
        for part in page.sections
        for one in part.said
    ]
    whole = {
        "answered": page.progress.answered,
        "asked": page.progress.asked,
        "needed": page.progress.needed,
        "terms_digest": page.agreed.digest if page.agreed else None,
        "answers": answers,
    }
    return answer(request, _row(sent, request) | whole)


def _row(sent: SentForm, request: ApiRequest) -> Data:
    return {
        "id": sent.pk,
        "client": sent.client.ref,
        "form": sent.form_key,
        "title": sent.title,
        "state": sent.state,
        "contact": sent.contact.name if sent.contact else None,
        "sent_at": sent.sent_at,
        "returned_at": sent.returned_at,
        "taken_over_at": sent.taken_over_at,
        "version": sent.version.number,
        "readable": sent.is_readable_by(request.auth),
    }
