"""What received mail adds to other pages: `{% load receiving %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from steadyhand.clients.models import Client
from steadyhand.commitments.models import Commitment
from steadyhand.comms.mail import addresses
from steadyhand.comms.models import Arrival, Bounce, Fate, Message
from steadyhand.core.actor import Actor
from steadyhand.desk.triage import count_waiting

register = template.Library()


@register.inclusion_tag("web/receiving/_dropbox.html", takes_context=True)
def dropbox(context: Context, client: Client) -> dict[str, Any]:
    """The address for copies of a client's mail; nothing where mail is not received."""
    return {**_page(context), "client": client, "address": addresses.client_dropbox(client)}


@register.inclusion_tag("web/receiving/_arrived.html", takes_context=True)
def arrived(context: Context, message: Message) -> dict[str, Any]:
    """Of a mail that came: its files, what was left out of it, and what it may be the answer to.

    Costs nothing where `arrival` was selected and `attachments` prefetched with the message.
    """
    arrival: Arrival | None = getattr(message, "arrival", None)
    told = {**_page(context), "message": message, "arrival": arrival, "files": [], "waiting": None}
    if arrival is not None:
        told |= {"files": list(message.attachments.all()), "waiting": _waiting_for_them(context, message)}
        told["is_filed"] = arrival.fate == Fate.FILED and message.client_id is not None
    return told


@register.inclusion_tag("web/receiving/_bounced.html", takes_context=True)
def bounced(context: Context, client: Client) -> dict[str, Any]:
    """Addresses of a client that mail does not reach. One query."""
    standing = Bounce.objects.standing().filter(client=client).select_related("contact")
    return {**_page(context), "bounces": list(standing)}


@register.inclusion_tag("web/receiving/_to_file.html", takes_context=True)
def to_file(context: Context) -> dict[str, Any]:
    """How much mail waits to be filed by the reader. One query."""
    actor: Actor | None = context.get("actor")
    return {"count": count_waiting(actor) if actor else 0}


def _page(context: Context) -> dict[str, Any]:
    return {name: context.get(name) for name in ("csrf_token", "actor", "request", "member")}


def _waiting_for_them(context: Context, message: Message) -> Commitment | None:
    """The promise that this thread is about, while it waits on the client. Nothing is guessed."""
    actor: Actor | None = context.get("actor")
    if actor is None or message.about_type != "commitments.commitment" or message.direction != "in":
        return None
    return Commitment.objects.visible_to(actor).waiting().filter(pk=message.about_id or 0).first()
