"""Keeping the filters and the order of a list under a name."""

from __future__ import annotations

from django.db import transaction

from steadyhand.core import events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, SavedView


@transaction.atomic
def keep_view(
    owner: Member, page: str, name: str, query: str, *, by: Actor, shared: bool = False, opens: bool = False
) -> SavedView:
    """Keep a list's query string under a name; the same name again is changed. `opens`: seen first there."""
    name = name.strip()
    if not name:
        raise Refusal("A view needs a name.", remedy="As “Mine, overdue”.", field="name")
    if len(query) > 2000:
        raise Refusal("These filters are too long to keep.", remedy="Take some of them out.")
    if opens:
        SavedView.objects.filter(owner=owner, page=page, opens=True).update(opens=False)
    view, made = SavedView.objects.update_or_create(
        owner=owner,
        page=page,
        name=name[:80],
        defaults={"query": query.lstrip("?"), "shared": shared, "opens": opens},
    )
    events.record("view.kept", by=by, subject=view, name=view.name, page=page, shared=shared, new=made)
    return view


@transaction.atomic
def forget_view(view: SavedView, *, by: Actor) -> None:
    """The view is no longer needed. Only its owner may say so."""
    if view.owner_id != by.member_id:
        raise Refusal(f"“{view.name}” belongs to {view.owner.name}.", remedy="Keep one of your own instead.")
    events.record("view.forgotten", by=by, subject=view, name=view.name, page=view.page)
    view.delete()
