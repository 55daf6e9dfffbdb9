"""The strategy of a client: written, shown, tested, presented; versions and what changed (S19)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Client
from steadyhand.commitments.keeping import may_act_for
from steadyhand.comms.models import Message
from steadyhand.core import clock
from steadyhand.core.refusals import Conflict
from steadyhand.delivery import strategies as verbs
from steadyhand.delivery.differences import differences
from steadyhand.delivery.models import Showing, Strategy, StrategyVersion
from steadyhand.delivery.strategy_letter import bring_strategy
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out, show_refusal
from steadyhand.web.forms.glossary import LinkForm, ReviewForm, StrategyForm, TestForm
from steadyhand.web.views.clients import found, tabs

KEEPS = Capability.KEEP_PROMISES
#: Days until it is looked at next, where nobody says another day.
A_QUARTER = dt.timedelta(days=91)


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/strategy/`: the newest version, what they said to it, and what comes next."""
    return _page(request, found(request, ref))


@require_GET
@staff
def of_number(request: StaffRequest, pk: int) -> HttpResponse:
    """`/strategies/<pk>/`: the page of the client it is for."""
    strategy = Strategy.objects.visible_to(request.actor).select_related("client").filter(pk=pk).first()
    if strategy is None:
        raise Http404("There is no such strategy, or you are not on that client's account team.")
    return redirect(_address(strategy.client))


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def text(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/strategy/text/`: write it; a version they have seen stays, and yours is the next."""
    client = found(request, ref, KEEPS)
    strategy, version = _newest(request, client)
    initial: dict[str, Any] = {"owner": request.member.pk}
    if strategy is not None and version is not None:
        initial = {
            "text": version.text,
            "business": version.business,
            "owner": strategy.owner_id,
            "seen": version.changed_at.isoformat(),
        }
    data = request.POST if request.method == "POST" else None
    form = StrategyForm(data, actor=request.actor, initial=initial)
    theirs = None
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            verbs.write_strategy(client, values.pop("text"), by=request.actor, **values)
        except Conflict as conflict:
            show_refusal(form, conflict)
            theirs = version
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["seen"] = version.changed_at.isoformat() if version else ""  # type: ignore[index]
        else:
            return toast(request, redirect(_address(client)), "The strategy is kept.")
    context = {
        "client": client,
        "tabs": tabs(client, "Delivery"),
        "form": form,
        "version": version,
        "theirs": theirs,
    }
    return render(request, "web/delivery/strategy_text.html", context, status=422 if form.errors else 200)


@require_GET
@staff
def version(request: StaffRequest, ref: str, number: int) -> HttpResponse:
    """`/clients/<ref>/strategy/versions/<number>/`: one version, and what changed since the one before."""
    client = found(request, ref)
    shown = _version(request, client, number)
    before = shown.strategy.versions.filter(number=number - 1).first()
    context = {
        "client": client,
        "tabs": tabs(client, "Delivery"),
        "version": shown,
        "before": before,
        "changes": differences(before.text, shown.text) if before else [],
        "business_changes": differences(before.business, shown.business) if before else [],
        "comments": list(shown.comments.all()),
        "sign_off": getattr(shown, "sign_off", None),
    }
    return render(request, "web/delivery/strategy_version.html", context)


@require_POST
@require(KEEPS)
def showing(request: StaffRequest, ref: str, number: int) -> HttpResponse:
    """`…/versions/<number>/showing/`: show it to the client, as a first view or for their sign-off."""
    client = found(request, ref, KEEPS)
    shown = _version(request, client, number)
    kind = Showing.FINAL if request.POST.get("showing") == Showing.FINAL else Showing.FIRST_VIEW
    said = "They can sign it off now." if kind == Showing.FINAL else "They can read it and tell you more."
    return do(request, _address(client), lambda: verbs.show_version(shown, kind, by=request.actor), said)


@require_POST
@require(KEEPS)
def presenting(request: StaffRequest, ref: str, number: int) -> HttpResponse:
    """`…/versions/<number>/presenting/`: the whole agency has heard it."""
    client = found(request, ref, KEEPS)
    shown = _version(request, client, number)
    said = "The agency has heard it."
    return do(request, _address(client), lambda: verbs.present_strategy(shown, by=request.actor), said)


@require_POST
@require(KEEPS)
def review(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/strategy/review/`: when it is looked at next."""
    client = found(request, ref, KEEPS)
    strategy = _strategy(request, client)
    form = ReviewForm(request.POST)
    if carried_out(form, lambda on: verbs.set_review(strategy, on, by=request.actor)):
        said = f"Looking at it again on {form.cleaned_data['on']:%-d %B %Y} is promised."
        return toast(request, redirect(_address(client)), said)
    return _page(request, client, status=422, review_form=form)


@require_POST
@require(KEEPS)
def tests(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/strategy/tests/`: is it still right?"""
    client = found(request, ref, KEEPS)
    strategy = _strategy(request, client)
    form = TestForm(request.POST)
    if carried_out(form, lambda **values: verbs.test_strategy(strategy, by=request.actor, **values)):
        return toast(request, redirect(_address(client)), "Kept with the strategy.")
    return _page(request, client, status=422, test_form=form)


@require_POST
@require(KEEPS)
def links(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/strategy/links/`: a contact's link, in a drafted mail (`letter`) or shown once."""
    client = found(request, ref, KEEPS)
    strategy = _strategy(request, client)
    form = LinkForm(request.POST, client=client)
    made: list[str] = []
    drafts: list[Message] = []

    def act(contact: Any) -> None:
        if "letter" in request.POST:
            drafts.append(bring_strategy(strategy, contact, by=request.actor, member=request.member))
        else:
            made.append(issue_link(contact, "strategy", strategy.pk, by=request.actor)[1])

    if carried_out(form, act):
        if drafts:
            said = "Their link is in it. Read it, and send it."
            return toast(request, redirect(f"/messages/{drafts[0].pk}/"), said)
        link = request.build_absolute_uri(made[0])
        return _page(request, client, link=link, link_for=form.cleaned_data["contact"])
    return _page(request, client, status=422, link_form=form)


def _page(request: StaffRequest, client: Client, status: int = 200, **more: Any) -> HttpResponse:
    strategy, newest = _newest(request, client)
    versions = (
        list(strategy.versions.select_related("sign_off").defer("text", "business")) if strategy else []
    )
    context = {
        "client": client,
        "tabs": tabs(client, "Delivery"),
        "strategy": strategy,
        "version": newest,
        "versions": versions,
        "shared": next((one for one in versions if one.is_shared), None),
        "sign_off": getattr(newest, "sign_off", None),
        "comments": list(newest.comments.all()) if newest else [],
        "tests": list(strategy.tests.all()[:5]) if strategy else [],
        "may_act": request.actor.may(KEEPS) and may_act_for(client.pk, request.actor),
        "review_form": ReviewForm(initial={"on": clock.today(client.zone) + A_QUARTER}),
        "test_form": TestForm(initial={"next_on": clock.today(client.zone) + A_QUARTER}, auto_id="test_%s"),
        "link_form": LinkForm(client=client),
        **more,
    }
    return render(request, "web/delivery/strategy.html", context, status=status)


def _newest(request: StaffRequest, client: Client) -> tuple[Strategy | None, StrategyVersion | None]:
    rows = Strategy.objects.visible_to(request.actor).filter(client=client)
    strategy = rows.select_related("owner", "presenting", "review", "client").first()
    if strategy is None:
        return None, None
    return strategy, strategy.versions.select_related("sign_off").first()


def _strategy(request: StaffRequest, client: Client) -> Strategy:
    strategy = Strategy.objects.visible_to(request.actor).filter(client=client).first()
    if strategy is None:
        raise Http404("There is no strategy for this client yet.")
    return strategy


def _version(request: StaffRequest, client: Client, number: int) -> StrategyVersion:
    strategy = _strategy(request, client)
    rows = strategy.versions.select_related("strategy__client", "sign_off").filter(number=number)
    shown = rows.first()
    if shown is None:
        raise Http404("There is no such version.")
    return shown


def _address(client: Client) -> str:
    return f"{client.get_absolute_url()}strategy/"
