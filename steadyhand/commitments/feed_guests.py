"""Whose calendar feed a promise stands in besides its owner's: rooms above name the promises of theirs.

@also_in_feeds
def attended(member: Member) -> QuerySet[...]: commitment ids as a subquery
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from steadyhand.people.models import Member

type Named = Callable[[Member], Any]

_named: list[Named] = []


def also_in_feeds(named: Named) -> Named:
    """Register a query of the ids of promises that a member takes part in."""
    if named not in _named:
        _named.append(named)
    return named


def taken_part_in(member: Member) -> Q:
    """What stands in a member's feed beside their own: whatever they take part in."""
    wanted = Q(pk__in=())
    for named in _named:
        wanted |= Q(pk__in=named(member))
    return wanted
