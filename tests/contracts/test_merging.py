"""Two records are one client: nothing stays behind with the record that is given up, in any room."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from steadyhand.clients import book
from steadyhand.clients.models import Client
from steadyhand.core.models import Event
from tests.cast import SYSTEM
from tests.contracts.world import World

#: What stays with the record that was given up, and why.
STAYS = {
    "clients.Access": "kept by the account teams; nobody works for the husk any more",
    "clients.Client.merged_into": "the husk itself names what it became",
    "commitments.ClientPlan": "the husk is not planned for",
}


def links_to_clients() -> Iterator[models.ForeignKey[Client, Client]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Client:
                yield field


def test_nothing_of_a_merged_client_is_left_behind(world: World) -> None:
    keep, husk = world.ours.client, world.theirs.client
    had = sum(f.model._default_manager.filter(**{f.name: husk}).exists() for f in links_to_clients())
    assert had >= 20, "the world gives a client one of everything"
    book.merge_clients(keep, husk, by=SYSTEM)
    left = {}
    for field in links_to_clients():
        label = field.model._meta.label
        if {label, f"{label}.{field.name}"} & STAYS.keys():
            continue
        if rows := field.model._default_manager.filter(**{field.name: husk}).count():
            left[f"{label}.{field.name}"] = rows
    assert not left, "react to client.merged in the room's reactions.py"
    assert Event.objects.get(verb="client.merged").client_id == keep.pk
