"""Saved views of lists: a name for filters and order, private or shared."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from steadyhand.core.refusals import Refusal
from steadyhand.core.statements import Records, Slot, Statement
from steadyhand.people.models import Member, SavedView
from steadyhand.people.saved_views import forget_view, keep_view
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, staff

#: The lists that have views, and where they live.
PAGES = {"clients": "/clients/"}
MOST = 30

TO_CHOOSE = Records(
    lambda: SavedView.objects.filter(
        Q(owner=Slot("member")) | Q(shared=True), page=Slot("page")
    ).select_related("owner")[:MOST]
)
OPENING = Statement(
    lambda: SavedView.objects.filter(owner=Slot("member"), page=Slot("page"), opens=True).values_list("query")
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The views somebody may choose among, and the one they look at."""

    page: str
    views: list[SavedView]
    current: SavedView | None
    query: str
    member: Member

    @property
    def is_changed(self) -> bool:
        """Whether one looks at something that no view holds."""
        return self.current is None and bool(self.query)

    @property
    def is_own(self) -> bool:
        return self.current is not None and self.current.owner_id == self.member.pk


def shown(member: Member, page: str, query: str) -> Shown:
    """One's own views and those others share; the current one is told by its query."""
    listed = sorted(
        TO_CHOOSE.found(member=member.pk, page=page), key=lambda v: (v.owner_id != member.pk, v.name)
    )
    return Shown(page, listed, next((v for v in listed if v.query == query), None), query, member)


def opening(member: Member, page: str) -> str:
    """The query of the view that a page opens with for somebody; empty for the plain page."""
    first = OPENING.first(member=member.pk, page=page)
    return first[0] if first else ""


@require_POST
@staff
def keep(request: StaffRequest, page: str) -> HttpResponse:
    """`/views/<page>/`: keep what one looks at under a name."""
    if page not in PAGES:
        raise Refusal("This list has no views.")
    view = keep_view(
        request.member,
        page,
        request.POST.get("name", ""),
        request.POST.get("query", ""),
        by=request.actor,
        shared=bool(request.POST.get("shared")),
        opens=bool(request.POST.get("opens")),
    )
    said = f"“{view.name}” is kept{', and everybody can use it' if view.shared else ''}."
    return toast(request, redirect(f"{PAGES[page]}?{view.query or 'stage=live'}"), said)


@require_POST
@staff
def removal(request: StaffRequest, page: str, pk: int) -> HttpResponse:
    """Forget a view of one's own."""
    view = get_object_or_404(
        SavedView.objects.select_related("owner"), Q(owner=request.member) | Q(shared=True), pk=pk, page=page
    )
    forget_view(view, by=request.actor)
    return toast(request, redirect(f"{PAGES[page]}?stage=live"), f"“{view.name}” is gone.")
