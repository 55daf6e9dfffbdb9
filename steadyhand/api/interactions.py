"""`/api/clients/<ref>/interactions`: writing down what was said, and striking it out again."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Lower
from django.http import Http404, HttpResponse
from ninja import Router

from steadyhand.api.answers import Data, answer
from steadyhand.api.authentication import ApiRequest, member_of
from steadyhand.api.commitments import ReadsOnly
from steadyhand.api.idempotency import once
from steadyhand.api.schemas import InteractionIn, InteractionRow
from steadyhand.clients.models import Client, Contact, Stage
from steadyhand.commitments.models import Commitment
from steadyhand.comms.interactions import Said
from steadyhand.comms.models import Channel, Direction, Interaction
from steadyhand.comms.writing_down import strike_out, write_down, write_within
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.core.statements import Records, SeenRecords, Slot
from steadyhand.people.roles import Capability

router = Router(tags=["clients"])


@router.post("/{ref}/interactions", response={201: InteractionRow}, summary="Write down what was said")
def log(request: ApiRequest, ref: str, sent: InteractionIn) -> HttpResponse:
    """A call, an e-mail, a meeting or a note of yours, now or at a moment that has been."""
    _refuse_readers(request)

    def act() -> HttpResponse:
        said = _said(request, _client(request, ref), sent)
        kept = _kept(request, sent.keeps) if sent.keeps else None
        write = write_within if transaction.get_connection().in_atomic_block else write_down
        return answer(request, _written(write(said, by=request.auth, keeps=kept)), 201)

    return once(request, act)


@router.delete(
    "/{ref}/interactions/{int:pk}",
    response={204: None},
    summary="It was written down by mistake",
    url_name="interaction-removal-api",
)
def strike(request: ApiRequest, ref: str, pk: int) -> HttpResponse:
    """`pk` is the number of its id. A promise that it kept is owed again."""
    _refuse_readers(request)

    def act() -> HttpResponse:
        known = Interaction.objects.visible_to(request.auth).select_related("client")
        found = known.filter(pk=pk, client__ref=ref).first()
        if found is None:
            raise Http404
        strike_out(found, by=request.auth)
        return HttpResponse(status=204)

    return once(request, act)


def _refuse_readers(request: ApiRequest) -> None:
    if not request.auth.may(Capability.KEEP_PROMISES):
        raise ReadsOnly(
            "This token or role does not write down what was said.",
            remedy="Use a token with the scope “write”.",
        )


CALLED: SeenRecords[Client] = SeenRecords(
    lambda actor: Client.objects.visible_to(actor).exclude(stage=str(Stage.MERGED)).filter(ref=Slot("ref"))
)
ADDRESSED = Records(
    lambda: (
        Contact.objects.annotate(address=Lower("email"))
        .filter(client=Slot("client"), address=Slot("address"))
        .order_by("pk")
    )
)


def _client(request: ApiRequest, ref: str) -> Client:
    found = CALLED.found(request.auth, ref=ref)
    if not found:
        raise Http404
    return found[0]


def _said(request: ApiRequest, client: Client, sent: InteractionIn) -> Said:
    if sent.at is not None and sent.at.tzinfo is None:
        raise Refusal("“at” has no offset.", remedy="Write it as 2026-11-27T10:00:00Z.", field="at")
    return Said(
        client,
        Channel(sent.channel),
        sent.at or clock.now(),
        _contact(client, sent.contact.strip()) if sent.contact.strip() else None,
        member_of(request),
        Direction(sent.direction),
        sent.summary,
        sent.body,
        sent.outcome,
        sent.minutes,
    )


def _contact(client: Client, email: str) -> Contact:
    found = ADDRESSED.one(client=client.pk, address=email.lower())
    if found is None:
        raise Refusal(
            f"{client.name} has no contact with the address {email}.",
            remedy=f"Their contacts are at /api/clients/{client.ref}/contacts.",
            field="contact",
        )
    return found


def _kept(request: ApiRequest, key: str) -> Commitment:
    row = Commitment.objects.visible_to(request.auth).by_key(key).first()
    if row is None:
        raise Refusal("You see no such promise.", remedy="Send the id of a commitment.", field="keeps")
    return row


def _written(interaction: Interaction) -> Data:
    return {
        "id": f"i{interaction.pk}",
        "client": interaction.client.ref,
        "at": interaction.at,
        "channel": str(interaction.channel),
        "direction": str(interaction.direction),
        "summary": interaction.summary,
        "by": interaction.member.name if interaction.member else None,
        "contact": interaction.contact.name if interaction.contact else None,
        "minutes": interaction.minutes,
    }
