"""The list of clients, the page of one, and what one does to a client as a whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients import book, team, undoing
from steadyhand.clients.briefs import asks_to_read
from steadyhand.clients.models import Client, Position, Stage
from steadyhand.commitments.keeping import may_act_for
from steadyhand.core import clock
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.desk.approvals import waiting_on_client
from steadyhand.desk.client_list import PLANS, STAGES, Wish, client_list
from steadyhand.desk.client_page import client_page
from steadyhand.desk.flags_page import client_care
from steadyhand.desk.timeline import timeline
from steadyhand.onboarding.models import Handover
from steadyhand.people.roles import Capability as C
from steadyhand.playbook.models import Version
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, demand, require, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.clients import DetailsForm, EndingForm, MergeForm, NewClientForm, PlaceForm
from steadyhand.web.views import saved_views

LIST = "/clients/"

#: How many clients one bulk act may touch; a page holds fewer.
MOST_AT_ONCE = 200
SUGGESTED = 8


def listed(query: str) -> str:
    """The list that this query asks for; a bare address would lead to the view that opens first."""
    return f"{LIST}?{query or 'stage=live'}"


def found(request: StaffRequest, ref: str, *capabilities: C) -> Client:
    """The client of that name as far as one may see it, else 404.

    With capabilities: one that the member may change; a role or an access that does not allow it reads a
    sentence (403).
    """
    clients = Client.objects.visible_to(request.actor).exclude(stage=Stage.MERGED)
    client = clients.filter(ref=ref).first()
    if client is None:
        raise Http404("There is no such client, or it is not yours to see.")
    if capabilities:
        demand(request, *capabilities)
        if not Client.objects.in_full(request.actor).filter(pk=client.pk).exists():
            raise Refusal(
                f"You see {client.name} to read only.", remedy="Ask the lead to put you on the account team."
            )
    return client


#: Parts of a client that one needs now and then.
LESSER = frozenset({"Call brief", "What we know", "Goals", "Forms", "Details"})


def tabs(client: Client, current: str) -> list[dict[str, Any]]:
    """The parts of a client; the lesser ones fold behind “More”, but where one is there."""
    here = client.get_absolute_url()
    parts = [
        ("Overview", ""),
        ("Plan", "plan/"),
        ("Brief", "brief/"),
        ("Call brief", "call-brief/"),
        ("What we know", "knowledge/"),
        ("Goals", "goals/"),
        ("Figures", "figures/"),
        ("Work", "work/"),
        ("Delivery", "delivery/"),
        ("Reports", "reports/"),
        ("Forms", "forms/"),
    ]
    if client.stage == Stage.PROSPECT:
        parts = [parts[0], parts[4]]
    parts += [("Messages", "messages/"), ("Timeline", "timeline/")]
    shown = [
        {"label": label, "url": here + path, "current": label == current, "folded": label in LESSER}
        for label, path in (*parts, ("Details", "details/"))
    ]
    agreements = {"label": "Agreements", "url": f"/agreements/?client={client.ref}", "folded": True}
    return [*shown[:-1], agreements, shown[-1]]


def undo_address(client: Client, batch: UUID) -> str:
    """Where an act of this batch is taken back."""
    return f"{client.get_absolute_url()}undoing/{batch}/"


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/clients/`: the list, filtered and ordered by its address."""
    if not request.GET and (first := saved_views.opening(request.member, "clients")):
        return redirect(f"{LIST}?{first}")
    wish = Wish.read(request.GET.dict())
    page = client_list(request.actor, wish, request.GET.get("after", ""))
    views = saved_views.shown(request.member, "clients", wish.query)
    older = f"{listed(wish.query)}&after={page.older}" if page.older else ""
    return render(
        request,
        "web/clients/list.html",
        {
            "page": page,
            "wish": wish,
            "older": older,
            "is_bare": not page.rows and wish.is_plain and page.is_first,
            "first": "" if page.is_first else listed(wish.query),
            "columns": _columns(wish),
            "stages": [*((name, name.capitalize()) for name in STAGES), ("all", "Live and ended")],
            "plans": PLANS.items(),
            "tiers": [tier.number for tier in version.policy.tiers] if (version := Version.live()) else [],
            "views": views,
            "may_assign": request.actor.may(C.MANAGE_ACCOUNT_TEAMS),
            "may_add": request.actor.may(C.EDIT_CLIENTS),
            "may_import": request.actor.may(C.IMPORT),
            "positions": [(p.value, p.label) for p in Position],
            "currency": Agency.get().currency,
        },
    )


def _columns(wish: Wish) -> list[dict[str, str]]:
    """The head of the table: label, the address that orders by it, and how it is ordered now."""
    columns = []
    heads = [("name", "Client"), ("tier", "Tier"), ("spend", "A month"), ("", "Lead")]
    for key, label in (*heads, ("", "Next promise"), ("", "Overdue"), ("since", "Since")):
        turned = wish.sort == key and not wish.descending
        address = Wish(**{**_plain(wish), "sort": key or "name", "descending": turned}).query
        upward = wish.descending == (wish.sort == "spend")
        sort = ("ascending" if upward else "descending") if key and wish.sort == key else ""
        columns.append({"label": label, "url": listed(address) if key else "", "sort": sort, "key": key})
    return columns


def _plain(wish: Wish) -> dict[str, Any]:
    return {name: getattr(wish, name) for name in wish.__slots__}


@require_http_methods(["GET", "POST"])
@require(C.EDIT_CLIENTS)
def add(request: StaffRequest) -> HttpResponse:
    """`/clients/new/`: a client, and who leads them."""
    agency = Agency.get()
    initial = {"country": agency.country, "zone": agency.zone, "lead": request.member}
    form = NewClientForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            client = _add(form.cleaned_data, request)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            said = f"{client.name} is in the book. Say what they buy, and their plan is made."
            return toast(request, redirect(f"{client.get_absolute_url()}engagements/new/"), said)
    return render(request, "web/clients/new.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def _add(values: dict[str, Any], request: StaffRequest) -> Client:
    lead = values.pop("lead")
    client = book.add_client(by=request.actor, **values)
    if lead is not None:
        team.assign(client, lead, Position.LEAD, by=request.actor)
    return client


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/`: the client at a glance; a merged one's address leads to the one it became."""
    client = Client.objects.visible_to(request.actor).filter(ref=ref).first() or _merged(ref)
    if client.stage == Stage.MERGED:
        return redirect(found(request, _kept(client).ref).get_absolute_url())
    if client.stage == Stage.PROSPECT:
        happened = timeline(client, request.actor, most=8).entries
        contacts = client.contacts.filter(left_on=None)[:12]
        context = {"client": client, "happened": happened, "contacts": contacts, **permissions(request)}
        return render(request, "web/clients/prospect.html", context | {"tabs": tabs(client, "Overview")})
    asks = asks_to_read(client, request.member)
    page = client_page(
        client, request.actor, version=Version.live(), asks_to_read=asks, zone=request.member.zone
    )
    context = {
        "page": page,
        "care": client_care(client),
        "approvals": waiting_on_client(client, request.actor),
        "handover": Handover.objects.under_way().filter(client=client).select_related("won_by").first(),
        "client": client,
        "tabs": tabs(client, "Overview"),
        "place_form": PlaceForm(auto_id="place_%s"),
        "here": client.get_absolute_url(),
        "may_keep": may_act_for(client.pk, request.actor),
        "keeps": request.actor.may(C.KEEP_PROMISES),
        **permissions(request),
    }
    part = "#overview" if request.headers.get("HX-Request") else ""
    response = render(request, f"web/clients/show.html{part}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _merged(ref: str) -> Client:
    """A record that has become part of another; 404 for everything else that one does not see."""
    husk = Client.objects.filter(ref=ref, stage=Stage.MERGED).first()
    if husk is None:
        raise Http404("There is no such client, or it is not yours to see.")
    return husk


def _kept(husk: Client) -> Client:
    """The client that a merged record has become, however often that was merged again."""
    client = husk
    while client.merged_into is not None:
        client = client.merged_into
    return client


def permissions(request: StaffRequest) -> dict[str, bool]:
    """What the pages of a client offer to this member's role."""
    return {
        "may_edit": request.actor.may(C.EDIT_CLIENTS),
        "may_team": request.actor.may(C.MANAGE_ACCOUNT_TEAMS),
        "may_end": request.actor.may(C.END_CLIENTS),
        "may_agree": request.actor.may(C.AGREE_PLANS),
        "may_rate": request.actor.may(C.MANAGE_SETTINGS),
    }


@require_http_methods(["GET", "POST"])
@staff
def details(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/details/`: the record, and changing it."""
    client = found(request, ref, *([C.EDIT_CLIENTS] if request.method == "POST" else []))
    form = DetailsForm.of(client, request.POST or None)
    if request.method == "POST" and form.is_valid():
        batch = uuid4()
        try:
            book.change_client(client, by=request.actor, batch=batch, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            back = redirect(request.path)
            undo = undo_address(client, batch) if form.has_changed() else ""
            return toast(request, back, f"The details of {client.name} are kept.", undo=undo)
    context = {"client": client, "form": form, "tabs": tabs(client, "Details"), **permissions(request)}
    return render(request, "web/clients/details.html", context, status=422 if form.errors else 200)


@require_POST
@staff
def undo_act(request: StaffRequest, ref: str, batch: UUID) -> HttpResponse:
    """Take back what one has just done to a client."""
    client = found(request, ref, C.EDIT_CLIENTS, C.AGREE_PLANS, C.MANAGE_ACCOUNT_TEAMS)
    undoing.undo(client, batch, by=request.actor)
    back = redirect(request.headers.get("Referer") or client.get_absolute_url())
    return toast(request, back, "Taken back: it is as it was.")


@require_http_methods(["GET", "POST"])
@staff
def ending(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/ending/`: the client leaves; what that means is said first."""
    client = found(request, ref, C.END_CLIENTS)
    form = EndingForm(request.POST or None, initial={"on": clock.today(client.zone)})
    if request.method == "POST" and form.is_valid():
        try:
            book.end_client(client, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            said = f"{client.name} has ended. Their history stays; find them under “Ended”."
            return toast(request, redirect(f"{LIST}?stage=ended"), said)
    context = {
        "client": client,
        "form": form,
        "running": client.engagements.running(clock.today(client.zone)).count(),
        "team": client.team.filter(until=None).count(),
    }
    return render(request, "web/clients/ending.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff
def merge(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/merge/`: find the other record, see what moves, confirm by its name."""
    keep = found(request, ref, C.END_CLIENTS)
    other = request.POST.get("with") or request.GET.get("with", "")
    if not other:
        return render(request, "web/clients/merge.html", {"client": keep, **_candidates(request, keep)})
    husk = found(request, other, C.END_CLIENTS)
    form = MergeForm(husk.name, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            book.merge_clients(keep, husk, by=request.actor)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            said = f"{husk.name} is now part of {keep.name}; its old address leads here."
            return toast(request, redirect(keep.get_absolute_url()), said)
    context = {"client": keep, "husk": husk, "form": form, "moves": _moves(keep, husk)}
    return render(request, "web/clients/merge.html", context, status=422 if form.errors else 200)


def _candidates(request: StaffRequest, keep: Client) -> dict[str, Any]:
    """Clients by the words asked for; without any, those that look alike."""
    words = request.GET.get("q", "").strip()
    others = Client.objects.visible_to(request.actor).exclude(pk=keep.pk).exclude(stage=Stage.MERGED)
    if words:
        others = others.filter(Q(name__icontains=words) | Q(domain__icontains=words))
    else:
        others = others.filter(name__istartswith=keep.name.split()[0])
    return {"words": words, "others": list(others[:SUGGESTED])}


def _moves(keep: Client, husk: Client) -> list[tuple[str, str]]:
    """What a merge moves, counted."""
    takes_domain = husk.domain and not keep.domain
    return [
        ("Contacts", str(husk.contacts.count())),
        ("Engagements", ", ".join(husk.engagements.values_list("title", flat=True)) or "none"),
        ("Account team", ", ".join(_on_team(husk)) or "nobody"),
        ("Promises still open", str(husk.commitments.open().count())),
        ("Calls, mail and meetings", str(husk.interactions.count())),
        ("Domain", husk.domain if takes_domain else f"{keep.domain or 'none'} stays"),
    ]


def _on_team(client: Client) -> list[str]:
    running = client.team.filter(until=None).select_related("member")
    return [f"{place.member.name} ({place.get_position_display()})" for place in running]
