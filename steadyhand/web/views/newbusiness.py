"""Leads: the board, the table, one lead, and the acts that move it along (W1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client, Stage
from steadyhand.core.actor import Actor
from steadyhand.desk.newbusiness import Card, LeadPage, Wish, board, lead_page, table
from steadyhand.newbusiness import leads
from steadyhand.newbusiness.models import Lead, LeadStage
from steadyhand.newbusiness.outcomes import outcomes as outcomes_of
from steadyhand.people.colleagues import everybody
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.context import exists
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.newbusiness import LeadForm, NewLeadForm, ReasonForm
from steadyhand.web.sheets import asked

WINS = Capability.WIN_CLIENTS
ALL = "/leads/"


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/leads/`: the board; `?view=table` all of them in a table. `?q=`, `?owner=`, `?stage=` narrow both."""
    data = request.GET
    is_table = data.get("view") == "table"
    number = data.get("page", "1")
    wish = Wish(
        q=data.get("q", "").strip(),
        owner=data.get("owner", ""),
        stage=data.get("stage", "") if is_table else "",
        page=max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1,
    )
    may_work = request.actor.may(WINS)
    context: dict[str, Any] = {
        "wish": wish,
        "is_table": is_table,
        "tabs": tabs("table" if is_table else "board", request.actor),
        "stages": LeadStage.choices,
        "people": everybody(request.actor),
        "may_work": may_work,
        "is_narrowed": bool(wish.q or wish.owner or wish.stage),
    }
    if is_table:
        cards, more = table(request.actor, wish)
        query = data.copy()
        query["page"] = str(wish.page + 1)
        older = f"{ALL}?{query.urlencode()}" if more else ""
        query["page"] = str(wish.page - 1)
        newer = f"{ALL}?{query.urlencode()}" if wish.page > 1 else ""
        context |= {"cards": cards, "older": older, "newer": newer}
    else:
        lanes = board(request.actor, wish)
        context["lanes"] = [
            (lane, [(card, moves(card) if may_work else []) for card in lane.cards]) for lane in lanes
        ]
        context["is_empty"] = not any(lane.cards for lane in lanes)
    return render(request, "web/newbusiness/index.html", context)


def tabs(current: str, actor: Actor) -> list[dict[str, object]]:
    """The parts of new business that one may open."""
    parts = [
        ("board", "Board", ALL),
        ("table", "Table", f"{ALL}?view=table"),
        ("outcomes", "How answers turned out", f"{ALL}outcomes/"),
    ]
    if actor.may(WINS) or actor.may(Capability.SEE_TEAM):
        parts.append(("pairings", "Pairings", "/pairings/"))
    return [{"label": label, "url": url, "current": key == current} for key, label, url in parts]


def moves(card: Card) -> list[dict[str, object]]:
    """Where a card may go from here: links that ask, and acts."""
    url = card.url
    if not card.lead.is_running:
        return [{"label": "Take it up again", "url": f"{url}reopening/", "acts": True}]
    found: list[dict[str, object]] = []
    if card.lead.stage == LeadStage.PITCHING:
        found.append({"label": "Back to new", "url": f"{url}pitching/removal/", "acts": True})
    elif card.may_pitch:
        found.append({"label": "Pitch", "url": f"{url}pitching/", "acts": True})
    else:
        found.append({"label": "Decide whether to pitch", "url": f"{url}test/"})
    if exists(f"{url}winning/"):
        found.append({"label": "Won", "url": f"{url}winning/"})
    return [
        *found,
        {"label": "Lost…", "url": f"{url}loss/", "in_sheet": True},
        {"label": "Withdraw…", "url": f"{url}withdrawal/", "in_sheet": True},
    ]


@require_http_methods(["GET", "POST"])
@require(WINS)
def new(request: StaffRequest) -> HttpResponse:
    """`/leads/new/`: add one. The name of a prospect whom one sees already is taken for them."""
    named = request.GET.get("client", "")
    known = Client.objects.visible_to(request.actor).filter(stage=Stage.PROSPECT)
    prospect = known.filter(ref=named).first() if named else None
    initial = {"owner": request.member.pk, "name": prospect.name if prospect else ""}
    form = NewLeadForm(request.POST if request.method == "POST" else None, initial=initial)
    made: list[Lead] = []

    def add(name: str, **values: Any) -> None:
        found = prospect or known.filter(name__iexact=name.strip()).first()
        made.append(leads.add_lead(found or name, by=request.actor, **values))

    if request.method == "POST" and carried_out(form, add):
        lead = made[0]
        return toast(request, redirect(lead.get_absolute_url()), f"{lead.client.name} is in the pipeline.")
    context = {"form": form}
    return render(request, "web/newbusiness/new.html", context, status=422 if form.errors else 200)


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/leads/<id>/`: one lead, what was decided, and what is missing."""
    page = found_page(request, pk)
    may_work = request.actor.may(WINS)
    context = {
        "page": page,
        "card": page.card,
        "lead": page.lead,
        "may_work": may_work,
        "moves": moves(page.card) if may_work else [],
        "here": page.card.url,
        "me": request.member.pk,
    }
    return render(request, "web/newbusiness/show.html", context)


@require_http_methods(["GET", "POST"])
@require(WINS)
def details(request: StaffRequest, pk: int) -> HttpResponse:
    """`/leads/<id>/details/`: change what is known of it."""
    lead = found(request, pk)
    initial = {name: getattr(lead, name) for name in leads.CHANGEABLE} | {"owner": lead.owner_id}
    form = LeadForm(request.POST if request.method == "POST" else None, initial=initial)

    def change(**values: Any) -> None:
        leads.change_lead(lead, by=request.actor, **values)

    if request.method == "POST" and carried_out(form, change):
        return toast(request, redirect(lead.get_absolute_url()), "Changed.")
    context = {"form": form, "lead": lead}
    return render(request, "web/newbusiness/details.html", context, status=422 if form.errors else 200)


@require_POST
@require(WINS)
def pitching(request: StaffRequest, pk: int) -> HttpResponse:
    """We pitch."""
    lead = found(request, pk)
    return do(request, back(request, lead), lambda: leads.move_on(lead, by=request.actor), "We pitch.")


@require_POST
@require(WINS)
def pitching_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """Not yet after all."""
    lead = found(request, pk)
    said = "It is back among the new ones."
    return do(request, back(request, lead), lambda: leads.move_back(lead, by=request.actor), said)


@require_POST
@require(WINS)
def reopening(request: StaffRequest, pk: int) -> HttpResponse:
    """Take up a lead that was decided."""
    lead = found(request, pk)
    said = f"{lead.client.name} is in the pipeline again."
    return do(request, back(request, lead), lambda: leads.reopen(lead, by=request.actor), said)


@require_http_methods(["GET", "POST"])
@require(WINS)
def loss(request: StaffRequest, pk: int) -> HttpResponse:
    """They gave it to somebody else: why."""
    return _ended(request, pk, leads.lose_lead, "Lost", "loss", "It is lost")


@require_http_methods(["GET", "POST"])
@require(WINS)
def withdrawal(request: StaffRequest, pk: int) -> HttpResponse:
    """We do not want it: why."""
    return _ended(request, pk, leads.withdraw_lead, "Withdrawn", "withdrawal", "Withdraw it")


def _ended(
    request: StaffRequest, pk: int, end: Callable[..., Lead], said: str, part: str, button: str
) -> HttpResponse:
    lead = found(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act(reason: str) -> None:
        end(lead, reason, by=request.actor)

    if request.method == "POST" and carried_out(form, act):
        url = lead.get_absolute_url()
        said = f"{lead.client.name}: {said.lower()}."
        return toast(request, gone_to(request, url), said, undo=f"{url}reopening/")
    url = f"{lead.get_absolute_url()}{part}/"
    return asked(request, "web/newbusiness/ask.html", form, url=url, heading=said, lead=lead, button=button)


@require_GET
@staff
def outcomes(request: StaffRequest) -> HttpResponse:
    """`/leads/outcomes/`: how past answers turned out."""
    context = {"outcomes": outcomes_of(request.actor), "tabs": tabs("outcomes", request.actor)}
    return render(request, "web/newbusiness/outcomes.html", context)


def gone_to(request: StaffRequest, url: str) -> HttpResponse:
    """To a page; from a form in the dialog the whole page goes there."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def back(request: StaffRequest, lead: Lead) -> str:
    """The board where the button stood on it, else the lead's page."""
    return ALL if request.POST.get("from") == "board" else lead.get_absolute_url()


def found(request: StaffRequest, pk: int) -> Lead:
    """A lead one may see."""
    rows = Lead.objects.visible_to(request.actor).select_related("client", "owner")
    lead = rows.filter(pk=pk).first()
    if lead is None:
        raise Http404("There is no such lead, or you are not named on it.")
    return lead


def found_page(request: StaffRequest, pk: int) -> LeadPage:
    """The same with everything about it."""
    page = lead_page(pk, request.actor)
    if page is None:
        raise Http404("There is no such lead, or you are not named on it.")
    return page
