"""Everybody who is here, for choosing among: values and names, read by a statement written once."""

from __future__ import annotations

from steadyhand.core.actor import Actor
from steadyhand.core.statements import Seen
from steadyhand.people.models import Member

HERE = Seen(
    lambda actor: Member.objects.visible_to(actor).here().order_by("name", "pk").values_list("pk", "name")
)


def everybody(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of everybody who has not left, by name."""
    return [(pk, name) for pk, name in HERE.rows(actor)]


def others(actor: Actor) -> list[tuple[int, str]]:
    """The same, besides the actor."""
    return [(pk, name) for pk, name in HERE.rows(actor) if pk != actor.member_id]
