"""What belongs to the agency: its playbook, its members, its imports."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from ninja import Router

from steadyhand.api.answers import Data, answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.api.schemas import ImportStatus, MemberRow, Playbook, VersionRow
from steadyhand.exchange.models import ImportRun
from steadyhand.people.models import Member
from steadyhand.playbook.models import Version

playbook_router = Router(tags=["playbook"])
members_router = Router(tags=["people"])
imports_router = Router(tags=["imports"])


@playbook_router.get("", response=Playbook, summary="The playbook in force")
def playbook(request: ApiRequest) -> HttpResponse:
    """With everything it says."""
    live = Version.live()
    if live is None:
        raise Http404
    return answer(request, _version(live, live.pk) | {"content": live.content})


@playbook_router.get("/versions", response=list[VersionRow], summary="Every published version")
def versions(request: ApiRequest) -> HttpResponse:
    """Newest first."""
    found = list(Version.objects.select_related("playbook").defer("document", "content").order_by("-pk"))
    return answer(request, [_version(version, found[0].pk) for version in found])


@members_router.get("", response=list[MemberRow], summary="Who works here")
def members(request: ApiRequest) -> HttpResponse:
    """By name; those who have left are not in it."""
    columns = ("email", "name", "role", "state", "zone")
    found = Member.objects.visible_to(request.auth).here().order_by("name", "pk").values_list(*columns)
    return answer(request, [dict(zip(columns, row, strict=True)) for row in found])


@imports_router.get("/{int:number}", response=ImportStatus, summary="How far an import is")
def import_status(request: ApiRequest, number: int) -> HttpResponse:
    """`counts` is what it creates, updates, leaves and skips."""
    columns = (
        "source",
        "state",
        "done",
        "total",
        "counts",
        "problem",
        "made_at",
        "checked_at",
        "applied_at",
        "undone_at",
    )
    row = ImportRun.objects.visible_to(request.auth).filter(pk=number).values_list("pk", *columns).first()
    if row is None:
        raise Http404
    return answer(request, dict(zip(("id", *columns), row, strict=True)))


def _version(version: Version, live_pk: int) -> Data:
    return {
        "playbook": version.playbook.name,
        "number": version.number,
        "published_at": version.published_at,
        "published_by": version.published_by,
        "note": version.note,
        "live": version.pk == live_pk,
    }
