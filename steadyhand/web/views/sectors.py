"""What holds for whole industries, what our services are, and the service standard with its evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients import sectors
from steadyhand.clients.models import SectorNote, ServiceOffer
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.desk import sectors as desk
from steadyhand.people.roles import Capability as C
from steadyhand.playbook.models import Version
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.sectors import OfferForm, SectorForm

SECTORS, SERVICES = "/playbook/sectors/", "/playbook/services/"

#: What stands beside the live playbook's chapters and is no part of any version.
PAGES = (
    ("service_standard", "Service standard", "/playbook/service-standard/"),
    ("sectors", "Sectors", SECTORS),
    ("services", "Our services", SERVICES),
)


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/playbook/sectors/`: what we know of each industry."""
    written, unwritten = desk.sectors(request.actor)
    return _page(request, "sectors", written=written, unwritten=unwritten)


@require_GET
@staff
def services(request: StaffRequest) -> HttpResponse:
    """`/playbook/services/`: what we offer."""
    return _page(request, "services", catalogue=desk.catalogue(request.actor))


@require_GET
@staff
def standard(request: StaffRequest) -> HttpResponse:
    """`/playbook/service-standard/`: what great service looks like, and where it can be seen."""
    version = Version.live()
    examples = version.policy.content.service_standard if version else ()
    return _page(request, "service_standard", proofs=desk.proofs(examples, request.actor))


def _page(request: StaffRequest, name: str, **context: Any) -> HttpResponse:
    tabs = [{"label": label, "url": url, "current": key == name} for key, label, url in PAGES]
    context |= {"tabs": tabs, "may_edit": request.actor.may(C.EDIT_PLAYBOOK)}
    return render(request, f"web/playbook/{name}.html", context)


@require_http_methods(["GET", "POST"])
@require(C.EDIT_PLAYBOOK)
def write(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """`/playbook/sectors/new/?industry=` and `/playbook/sectors/<pk>/`: write, or rewrite, a note."""
    note = _standing(SectorNote, pk)
    initial: dict[str, Any] = {"industry": request.GET.get("industry", "")[:100]}
    if note is not None:
        initial = {"industry": note.industry, "text": note.text, "replaces": note}
    form = SectorForm(request.POST or None, initial=initial)

    def act(values: dict[str, Any]) -> HttpResponse:
        written = sectors.write_sector_note(
            values["industry"], values["text"], by=request.actor, replaces=values["replaces"]
        )
        undo = f"{SECTORS}{written.replaces_id}/restoration/" if written.replaces_id else ""
        undo = undo or f"{SECTORS}{written.pk}/retirement/"
        return toast(request, redirect(SECTORS), f"The note on {written.industry} is kept.", undo=undo)

    return _written(request, "sector", form, act, note)


@require_http_methods(["GET", "POST"])
@require(C.EDIT_PLAYBOOK)
def describe(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """`/playbook/services/new/` and `/playbook/services/<pk>/`: describe a service of ours."""
    offer = _standing(ServiceOffer, pk)
    names = ("name", "channel", "what", "brings", "led_by")
    initial = {name: getattr(offer, name) for name in names} | {"replaces": offer} if offer else None
    form = OfferForm(request.POST or None, initial=initial)

    def act(values: dict[str, Any]) -> HttpResponse:
        described = sectors.describe_offer(**values, by=request.actor)
        undo = f"{SERVICES}{described.replaces_id}/restoration/" if described.replaces_id else ""
        undo = undo or f"{SERVICES}{described.pk}/retirement/"
        return toast(request, redirect(SERVICES), f"{described.name} is described.", undo=undo)

    return _written(request, "service", form, act, offer)


def _written(
    request: StaffRequest,
    name: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], HttpResponse],
    row: SectorNote | ServiceOffer | None,
) -> HttpResponse:
    """The form; after a conflict with the other text above it, so that one can take it over."""
    theirs: SectorNote | ServiceOffer | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return act(form.cleaned_data)
        except Conflict as conflict:
            show_refusal(form, conflict)
            theirs = _theirs(form)
            form.data = {**request.POST.dict(), "replaces": theirs.pk if theirs else ""}
        except Refusal as refusal:
            show_refusal(form, refusal)
    context = {"form": form, "row": row, "theirs": theirs, "here": request.path}
    return render(request, f"web/playbook/{name}_form.html", context, status=422 if form.errors else 200)


def _theirs(form: forms.Form) -> SectorNote | ServiceOffer | None:
    """What stands now under the name that was typed."""
    if isinstance(form, SectorForm):
        return sectors.standing_note(form.cleaned_data["industry"])
    return sectors.standing_offer(form.cleaned_data["name"])


@require_POST
@require(C.EDIT_PLAYBOOK)
def retire(request: StaffRequest, pk: int) -> HttpResponse:
    """The note does not hold any more."""
    note = _any(SectorNote, pk)
    sectors.retire_sector_note(note, by=request.actor)
    undo = f"{SECTORS}{pk}/restoration/"
    return toast(request, redirect(SECTORS), f"The note on {note.industry} is taken away.", undo=undo)


@require_POST
@require(C.EDIT_PLAYBOOK)
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    """An earlier note holds again."""
    note = sectors.restore_sector_note(_any(SectorNote, pk), by=request.actor)
    return toast(request, redirect(SECTORS), f"The earlier note on {note.industry} holds again.")


@require_POST
@require(C.EDIT_PLAYBOOK)
def retire_offer(request: StaffRequest, pk: int) -> HttpResponse:
    """We do not offer it any more."""
    offer = _any(ServiceOffer, pk)
    sectors.retire_offer(offer, by=request.actor)
    undo = f"{SERVICES}{pk}/restoration/"
    return toast(request, redirect(SERVICES), f"{offer.name} is not offered any more.", undo=undo)


@require_POST
@require(C.EDIT_PLAYBOOK)
def restore_offer(request: StaffRequest, pk: int) -> HttpResponse:
    """An earlier description holds again."""
    offer = sectors.restore_offer(_any(ServiceOffer, pk), by=request.actor)
    return toast(request, redirect(SERVICES), f"The earlier description of {offer.name} holds again.")


def _standing[Row: (SectorNote, ServiceOffer)](model: type[Row], pk: int | None) -> Row | None:
    """The row to rewrite; None for a new one, 404 for one that does not stand."""
    if pk is None:
        return None
    row = _any(model, pk)
    if not row.stands:
        raise Http404("This was replaced or taken away.")
    return row


def _any[Row: (SectorNote, ServiceOffer)](model: type[Row], pk: int) -> Row:
    row = model.objects.filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such thing.")
    return row
