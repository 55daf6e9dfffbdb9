"""Approvals for staff: what waits on clients, and one bundle with everything one does to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.keeping import may_act_for
from steadyhand.core import clock
from steadyhand.delivery.approvals import asking, preparing, reminding
from steadyhand.delivery.approvals.letters import drafts, send
from steadyhand.delivery.models import Bundle, Mode, Piece, PieceKind
from steadyhand.desk.approvals import PARTS, Part, approvals_page, bundle_page
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.approvals import (
    AgainForm,
    AskForm,
    BundleForm,
    DetailsForm,
    InsteadForm,
    PieceForm,
    WithdrawForm,
)
from steadyhand.web.sheets import asked, changed, in_sheet, next_page
from steadyhand.web.views.delivery import rooms

KEEPS = Capability.KEEP_PROMISES
#: Working days a client has where nobody says another day; the second time, fewer.
USUAL, SOON = 5, 2


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/approvals/?part=&client=`: what waits on clients first."""
    part = cast(Part, request.GET.get("part", "waiting"))
    if part not in PARTS:
        raise Http404("There is no such list.")
    client = None
    if ref := request.GET.get("client", ""):
        client = Client.objects.visible_to(request.actor).filter(ref=ref).first()
        if client is None:
            raise Http404("There is no such client, or it is not yours to see.")
    of = f"&client={client.ref}" if client else ""
    context = {
        "page": approvals_page(request.actor, part, client),
        "rooms": rooms("Approvals"),
        "tabs": [
            {"label": label, "url": f"/approvals/?part={key}{of}", "current": key == part}
            for key, label in PARTS.items()
        ],
        "keeps": request.actor.may(KEEPS),
        "here": request.get_full_path(),
    }
    return render(request, "web/approvals/list.html", context)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def new(request: StaffRequest) -> HttpResponse:
    """`/approvals/new/?client=`: prepare a bundle."""
    made: list[Bundle] = []

    def act(**values: Any) -> None:
        values["owner"] = values["owner"] or request.member
        made.append(preparing.prepare_bundle(by=request.actor, **values))

    known = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", "")).first()
    initial = {
        "client": known.name if known else "",
        "due_on": _usual_day(request, known, USUAL),
        "is_social": True,
        "mode": Mode.ONE,
    }
    posted = request.POST if request.method == "POST" else None
    form = BundleForm(posted, actor=request.actor, initial=initial)
    if request.method == "POST" and carried_out(form, act):
        here = made[0].get_absolute_url()
        if in_sheet(request):
            return HttpResponse(status=204, headers={"HX-Redirect": here})
        return redirect(here)
    return asked(request, "web/approvals/new.html", form, url="/approvals/new/")


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/approvals/<pk>/`: the pieces, what was said to them, and the next thing to do."""
    return bundle_shown(request, found(request, pk))


@require_GET
@staff
def piece(request: StaffRequest, pk: int) -> HttpResponse:
    """`/pieces/<pk>/`: where one piece stands on its bundle's page."""
    row = Piece.objects.visible_to(request.actor).filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such piece, or it is not yours to see.")
    return redirect(f"/approvals/{row.bundle_id}/#piece-{row.pk}")


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def details(request: StaffRequest, pk: int) -> HttpResponse:
    """`…/details/`: other words, another day or mode, before anybody is asked."""
    bundle = found(request, pk)

    def act(**values: Any) -> None:
        values["owner"] = values["owner"] or request.member
        preparing.change_bundle(bundle, by=request.actor, **values)

    names = ("title", "due_on", "is_social", "mode", "owner", "note")
    form = DetailsForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        initial={name: getattr(bundle, name) for name in names},
    )
    return _act(request, bundle, form, act, "Change the bundle", "Save it", "Saved.")


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def pieces(request: StaffRequest, pk: int) -> HttpResponse:
    """`…/pieces/`: add a piece with its first version."""
    bundle = found(request, pk)
    form = PieceForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )

    def act(title: str, kind: str, text: str, note: str, file: Any = None) -> None:
        upload = preparing.Upload(file.name, file.read()) if file else None
        preparing.add_with_version(
            bundle,
            title,
            PieceKind(kind),
            by=request.actor,
            upload=upload,
            text=text,
            note=note,
            member=request.member,
        )

    return _act(request, bundle, form, act, "Add a piece", "Add it", "Added.", has_file=True)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def request_for(request: StaffRequest, pk: int) -> HttpResponse:
    """`…/request/`: ask for approval; from then on the client sees the bundle, and is mailed."""
    bundle = found(request, pk)
    form = AskForm(request.POST if request.method == "POST" else None, bundle=bundle)
    began = clock.now()

    def act(**values: Any) -> None:
        asking.ask_for_approval(bundle, form.levels, by=request.actor, due_on=values["due_on"])

    done = _act(
        request,
        bundle,
        form,
        act,
        "Ask for approval",
        "Share it and ask",
        f"{bundle.client.name} was asked. Their link leaves by e-mail.",
        lead="From then on they see the bundle, and every version you put up. Their link leaves by e-mail.",
    )
    _post(request, bundle, began)
    return done


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def asking_again(request: StaffRequest, pk: int) -> HttpResponse:
    """`…/asking-again/`: another day for whoever has not answered."""
    bundle = found(request, pk)
    began = clock.now()

    def act(due_on: dt.date) -> None:
        asking.ask_again(bundle, by=request.actor, due_on=due_on)

    form = AgainForm(
        request.POST if request.method == "POST" else None,
        initial={"due_on": _usual_day(request, bundle.client, SOON)},
        auto_id="again_%s",
    )
    done = _act(
        request, bundle, form, act, "Ask again", "Ask again", "Asked again. The link leaves by e-mail."
    )
    _post(request, bundle, began)
    return done


@require_POST
@require(KEEPS)
def reminders(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST …/reminders/`: draft a reminder now."""
    bundle = found(request, pk)

    def act() -> None:
        reminding.remind(bundle, by=request.actor)

    return do(request, bundle.get_absolute_url(), act, "A reminder is drafted: read it, and let it leave.")


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def handover(request: StaffRequest, pk: int) -> HttpResponse:
    """`…/handover/`: somebody else at the client decides."""
    bundle = found(request, pk)
    began = clock.now()

    def act(contact: Any, to: Any) -> None:
        asking.hand_over(bundle, contact, by=request.actor, to=to)

    form = InsteadForm(request.POST if request.method == "POST" else None, bundle=bundle)
    done = _act(
        request, bundle, form, act, "Let somebody else decide", "Ask them instead", "They are asked instead."
    )
    _post(request, bundle, began)
    return done


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def withdrawal(request: StaffRequest, pk: int) -> HttpResponse:
    """`…/withdrawal/`: call it off."""
    bundle = found(request, pk)

    def act(reason: str) -> None:
        preparing.withdraw_bundle(bundle, by=request.actor, reason=reason)

    form = WithdrawForm(request.POST if request.method == "POST" else None, auto_id="withdraw_%s")
    lead = "The client no longer sees it, nothing of it is posted, and its promise is waived."
    return _act(request, bundle, form, act, "Take it back", "Take it back", "Taken back.", lead=lead)


def found(request: StaffRequest, pk: int) -> Bundle:
    """A bundle of a client one sees, else 404."""
    rows = Bundle.objects.visible_to(request.actor).preloaded()
    bundle = rows.filter(pk=pk).first()
    if bundle is None:
        raise Http404("There is no such bundle, or it is not yours to see.")
    return bundle


def bundle_shown(
    request: StaffRequest, bundle: Bundle, *, wrong: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a bundle; `wrong` is what was refused about a piece, with what was typed."""
    may_act = request.actor.may(KEEPS) and may_act_for(bundle.client_id, request.actor)
    zone = clock.zone_info(bundle.client.zone)
    context = {
        "page": bundle_page(bundle, for_client=False),
        "may_act": may_act and bundle.withdrawn_at is None,
        "here": bundle.get_absolute_url(),
        "wrong": wrong or {},
        "soonest": clock.now().astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
    }
    return render(request, "web/approvals/show.html", context, status=status)


def _act(
    request: StaffRequest,
    bundle: Bundle,
    form: Any,
    act: Callable[..., object],
    heading: str,
    button: str,
    said: str,
    **context: Any,
) -> HttpResponse:
    """A form about a bundle, in the sheet or on a page of its own."""
    here = bundle.get_absolute_url()
    if request.method == "POST" and carried_out(form, act):
        if in_sheet(request):
            return toast(request, changed(), said)
        back = next_page(request)
        return toast(request, redirect(here if back == "/" else back), said)
    words = {"heading": heading, "button": button, "url": request.path, "bundle": bundle}
    return asked(request, "web/approvals/act.html", form, **words, **context)


def _usual_day(request: StaffRequest, client: Client | None, days: int) -> dt.date:
    """So many working days from today, where the client is."""
    today = clock.today(client.zone if client else request.member.zone)
    return working_days(client).add_working(today, days)


def _post(request: StaffRequest, bundle: Bundle, began: dt.datetime) -> None:
    """Mails drafted by what was just done leave, after the time in which they can be taken back."""
    if request.method == "POST":
        send([mail for mail in drafts(bundle) if mail.made_at >= began], by=request.actor)
