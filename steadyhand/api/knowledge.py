"""`/api/clients/<ref>/details`, `…/discovery`, `…/expectations`: what we know, and what they have heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import models
from django.http import Http404, HttpResponse
from ninja import Router

from steadyhand.api.answers import Data, answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.api.commitments import ReadsOnly
from steadyhand.api.idempotency import once
from steadyhand.api.knowledge_schemas import (
    AnswerIn,
    AnswerRow,
    DetailIn,
    DetailRow,
    ExpectationRow,
    SaidIn,
)
from steadyhand.clients import discovery, expectations, personal
from steadyhand.clients.models import Client, Contact, PersonalDetail, Stage
from steadyhand.core.refusals import Refusal
from steadyhand.desk import knowledge as desk
from steadyhand.people.roles import Capability

router = Router(tags=["clients"])


@router.get("/{ref}/details", response=list[DetailRow], summary="What we know of their people")
def details(request: ApiRequest, ref: str) -> HttpResponse:
    """Birthdays, holidays, families and the like: for the account team alone; empty for everybody else."""
    client = _client(request, ref)
    rows = PersonalDetail.objects.visible_to(request.auth).standing().filter(contact__client=client)
    return answer(request, [_detail(row) for row in rows.select_related("contact")])


@router.post("/{ref}/details", response={201: DetailRow}, summary="Note a personal detail")
def note(request: ApiRequest, ref: str, sent: DetailIn) -> HttpResponse:
    """A birthday needs `day` and `month`, a time away `from_on`, everything else `text`."""

    def act(client: Client) -> Data:
        values = sent.model_dump(exclude={"contact", "kind"})
        contact = _contact(client, sent.contact)
        return _detail(personal.note_detail(contact, sent.kind, by=request.auth, **values))

    return _made(request, ref, act)


@router.delete(
    "/{ref}/details/{int:pk}", response={204: None}, summary="It holds no more", url_name="detail-api"
)
def retire(request: ApiRequest, ref: str, pk: int) -> HttpResponse:
    """It stays readable as what we knew."""

    def act(client: Client) -> None:
        personal.demand_team(client, request.auth)
        rows = PersonalDetail.objects.visible_to(request.auth).filter(contact__client=client)
        personal.retire_detail(_one(rows, pk), by=request.auth)

    return _gone(request, ref, act)


@router.get("/{ref}/discovery", response=list[AnswerRow], summary="What they told us, and what is unknown")
def answers(request: ApiRequest, ref: str) -> HttpResponse:
    """Every question of the playbook in force, in its order."""
    return answer(request, list(_answers(_client(request, ref))))


@router.post("/{ref}/discovery", response={201: AnswerRow}, summary="Keep an answer")
def keep(request: ApiRequest, ref: str, sent: AnswerIn) -> HttpResponse:
    """It supersedes an earlier answer to the same question."""

    def act(client: Client) -> Data:
        contact = _contact(client, sent.contact) if sent.contact is not None else None
        discovery.answer_question(client, sent.question, sent.answer, by=request.auth, contact=contact)
        return next(row for row in _answers(client) if row["question"] == sent.question)

    return _made(request, ref, act)


@router.delete(
    "/{ref}/discovery/{int:pk}", response={204: None}, summary="They did not say so", url_name="answer-api"
)
def take_back(request: ApiRequest, ref: str, pk: int) -> HttpResponse:
    """What it superseded stands again."""
    return _gone(
        request,
        ref,
        lambda client: discovery.take_back_answer(_one(client.discovery.all(), pk), by=request.auth),
    )


@router.get(
    "/{ref}/expectations", response=list[ExpectationRow], summary="What they must hear, and have heard"
)
def heard(request: ApiRequest, ref: str) -> HttpResponse:
    """What applies in this month of their engagements, what is due first."""
    return answer(request, list(_expectations(request, _client(request, ref))))


@router.post("/{ref}/expectations", response={201: ExpectationRow}, summary="It was said to them")
def say(request: ApiRequest, ref: str, sent: SaidIn) -> HttpResponse:
    """By you, now or at a moment that has been."""
    if sent.at is not None and sent.at.tzinfo is None:
        raise Refusal("“at” needs its offset.", remedy="Write it as 2026-11-27T10:00:00Z.", field="at")

    def act(client: Client) -> Data:
        contact = _contact(client, sent.contact) if sent.contact is not None else None
        expectations.say_expectation(client, sent.expectation, by=request.auth, contact=contact, at=sent.at)
        rows = _expectations(request, client)
        found = next((row for row in rows if row["expectation"] == sent.expectation), None)
        if found is None:
            raise Refusal(
                "That expectation does not apply to them at the moment.",
                remedy="GET this address says which do.",
                field="expectation",
            )
        return found

    return _made(request, ref, act)


@router.delete(
    "/{ref}/expectations/{int:pk}", response={204: None}, summary="It was not said", url_name="said-api"
)
def unsay(request: ApiRequest, ref: str, pk: int) -> HttpResponse:
    """`pk` is the `last_id` of the expectation."""
    return _gone(
        request,
        ref,
        lambda client: expectations.take_back_said(_one(client.expectations_said.all(), pk), by=request.auth),
    )


def _client(request: ApiRequest, ref: str) -> Client:
    seen = Client.objects.visible_to(request.auth).exclude(stage=Stage.MERGED)
    return _first(seen.filter(ref=ref))


def _contact(client: Client, pk: int) -> Contact:
    contact = client.contacts.filter(pk=pk).first()
    if contact is None:
        raise Refusal(f"{client.name} has no such contact.", remedy="Send one of its ids.", field="contact")
    return contact


def _one[Row: models.Model](rows: models.QuerySet[Row], pk: int) -> Row:
    return _first(rows.filter(pk=pk))


def _first[Row: models.Model](rows: models.QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise Http404
    return row


def _made(request: ApiRequest, ref: str, act: Callable[[Client], Data]) -> HttpResponse:
    return once(request, lambda: answer(request, act(_to_change(request, ref)), 201))


def _gone(request: ApiRequest, ref: str, act: Callable[[Client], None]) -> HttpResponse:
    def done() -> HttpResponse:
        act(_to_change(request, ref))
        return HttpResponse(status=204)

    return once(request, done)


def _to_change(request: ApiRequest, ref: str) -> Client:
    """The client, where the token, the role and the access allow writing."""
    client = _client(request, ref)
    if not request.auth.may(Capability.KEEP_PROMISES):
        raise ReadsOnly(
            "This token or role does not change what we know.", remedy="Use a token with the scope “write”."
        )
    if not Client.objects.in_full(request.auth).filter(pk=client.pk).exists():
        raise Refusal(
            f"You see {client.name} to read only.", remedy="Ask the lead to put you on the account team."
        )
    return client


def _detail(row: PersonalDetail) -> Data:
    names = ("id", "kind", "text", "day", "month", "year", "from_on", "until_on", "at")
    return {name: getattr(row, name) for name in names} | {
        "contact": row.contact_id,
        "name": row.contact.name,
        "by": row.by_name,
    }


def _answers(client: Client) -> Iterator[Data]:
    for _, asked in desk.discovery(client).groups:
        for one in asked:
            row = one.answer
            yield {
                "question": one.question.key,
                "group": one.question.group,
                "text": one.question.text,
                "id": row.pk if row else None,
                "answer": row.answer if row else None,
                "contact": row.contact_id if row else None,
                "by": row.by_name if row else None,
                "at": row.at if row else None,
            }


def _expectations(request: ApiRequest, client: Client) -> Iterator[Data]:
    for one in desk.to_say(client):
        due = one.due
        yield {
            "expectation": due.expectation.key,
            "title": due.expectation.title,
            "words": one.words,
            "repeat": str(due.expectation.repeat),
            "engagement": due.engagement.ref,
            "month": due.month,
            "times": due.times,
            "last": due.last.at if due.last else None,
            "last_id": due.last.pk if due.last else None,
            "due": due.due,
        }
