"""A client's dashboard: the few numbers that matter, and what we say beside them (R2)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.keeping import may_act_for
from steadyhand.core import clock
from steadyhand.core.recurrence import Period
from steadyhand.core.refusals import Refusal
from steadyhand.people.roles import Capability
from steadyhand.reporting.metrics import dashboards, page, periods, remarks, store, wording
from steadyhand.reporting.metrics import targets as agreed
from steadyhand.reporting.metrics.definitions import METRICS
from steadyhand.reporting.models import Annotation, Commentary, Dashboard, Target
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.figures import AnnotationForm, ArrangementForm, CommentaryForm, TargetForm
from steadyhand.web.views.clients import found, tabs

KEEPS = Capability.KEEP_PROMISES


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/figures/?period=2026-10`: one period, beside the one before and the year before."""
    client = found(request, ref)
    try:
        period = _period(request, client)
    except Refusal as refusal:
        context = {
            "client": client,
            "tabs": tabs(client, "Figures"),
            "refused": refusal,
            "here": _here(client),
        }
        return render(request, "web/dashboard/no_period.html", context, status=422)
    return _page(request, client, period)


@require_GET
@staff
def charts(request: StaffRequest, ref: str) -> HttpResponse:
    """The charts of a period, drawn where they were not yet: the page asks for them when it is there."""
    client = found(request, ref)
    shown = page.compose(client, _period(request, client), draw=True)
    context = {"client": client, "page": shown, "here": _here(client), "may_act": _may_act(request, client)}
    return render(request, "web/dashboard/figures.html#charts", context)


@require_GET
@staff
def fresh(request: StaffRequest, ref: str) -> HttpResponse:
    """The numbers and charts where figures came in since the page was made; no form one writes in."""
    client = found(request, ref)
    if store.digest(client.pk) == request.GET.get("seen", ""):
        return HttpResponse(status=204)
    shown = page.compose(client, _period(request, client), draw=True)
    context = {"client": client, "page": shown, "here": _here(client), "may_act": _may_act(request, client)}
    parts = [
        render_to_string(f"web/dashboard/figures.html#{part}", {**context, "oob": True}, request)
        for part in ("live", "charts")
    ]
    return HttpResponse("".join(parts))


@require_http_methods(["GET", "POST"])
@staff
def arrangement(request: StaffRequest, ref: str) -> HttpResponse:
    """Which metrics are shown, and the dashboard elsewhere."""
    client = found(request, ref, KEEPS)
    dashboard = Dashboard.objects.visible_to(request.actor).filter(client=client).first()
    form = ArrangementForm(request.POST if request.method == "POST" else None, dashboard=dashboard)
    if request.method == "POST" and carried_out(
        form, lambda **said: dashboards.arrange(client, by=request.actor, **said)
    ):
        return toast(request, redirect(_here(client)), "The figures are arranged.")
    context = {
        "client": client,
        "tabs": tabs(client, "Figures"),
        "form": form,
        "usual": [metric.label for metric in dashboards.metrics_of(client, None)],
        "here": _here(client),
    }
    return render(request, "web/dashboard/arrangement.html", context, status=422 if form.errors else 200)


@require_POST
@require(KEEPS)
def sharing(request: StaffRequest, ref: str) -> HttpResponse:
    """The client sees the figures from now on."""
    client = found(request, ref, KEEPS)
    dashboards.share(client, by=request.actor)
    undo = f"{_here(client)}sharing/removal/"
    return toast(request, redirect(_here(client)), f"{client.name} sees the figures now.", undo=undo)


@require_POST
@require(KEEPS)
def sharing_removal(request: StaffRequest, ref: str) -> HttpResponse:
    """The client no longer sees them, and links are shut."""
    client = found(request, ref, KEEPS)
    return do(
        request,
        _here(client),
        lambda: dashboards.close(client, by=request.actor),
        "The figures are ours alone.",
    )


@require_POST
@require(KEEPS)
def links(request: StaffRequest, ref: str) -> HttpResponse:
    """A link for one contact; shown once."""
    client = found(request, ref, KEEPS)
    number = request.POST.get("contact", "")
    contact = client.contacts.filter(pk=int(number) if number.isdecimal() else 0, left_on=None).first()
    period = _period(request, client)
    if contact is None:
        return _page(request, client, period, refused=f"Choose whom at {client.name} the link is for.")
    try:
        path = dashboards.link_for(contact, by=request.actor)
    except Refusal as refusal:
        return _page(request, client, period, refused=str(refusal))
    return _page(request, client, period, link=f"{settings.BASE_URL}{path}", link_for=contact)


@require_POST
@require(KEEPS)
def commentary(request: StaffRequest, ref: str) -> HttpResponse:
    """Say something about the period."""
    client = found(request, ref, KEEPS)
    period = _period(request, client)
    keys = [metric.key for metric in dashboards.metrics_of(client, _dashboard(client))]
    form = CommentaryForm(request.POST, keys=keys)

    def act(text: str, metric: str, shown: bool) -> None:
        remarks.comment(client, period.key, text, by=request.actor, metric=metric, shown=shown)

    if carried_out(form, act):
        shown = form.cleaned_data["shown"]
        said = "Kept, and shown to the client." if shown else "Kept among us. Show it when it is ready."
        return toast(request, redirect(_at(client, period)), said)
    return _page(request, client, period, commentary_form=form)


@require_POST
@require(KEEPS)
def showing(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """The client reads this commentary."""
    client, row = _commentary(request, ref, pk)
    back = _at(client, periods.parse(row.period))
    return do(
        request, back, lambda: remarks.show_commentary(row, by=request.actor), "The client reads it now."
    )


@require_POST
@require(KEEPS)
def showing_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """It is for us alone."""
    client, row = _commentary(request, ref, pk)
    back = _at(client, periods.parse(row.period))
    return do(
        request, back, lambda: remarks.hide_commentary(row, by=request.actor), "It is ours alone again."
    )


@require_POST
@require(KEEPS)
def commentary_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Take it back."""
    client, row = _commentary(request, ref, pk)
    back = _at(client, periods.parse(row.period))
    return do(request, back, lambda: remarks.drop_commentary(row, by=request.actor), "Taken back.")


@require_POST
@require(KEEPS)
def marks(request: StaffRequest, ref: str) -> HttpResponse:
    """Mark a day."""
    client = found(request, ref, KEEPS)
    form = AnnotationForm(request.POST)
    if carried_out(form, lambda **said: remarks.annotate(client, by=request.actor, **said)):
        back = _at(client, periods.month_of(form.cleaned_data["day"]))
        return toast(request, redirect(back), "The day is marked.")
    return _page(request, client, _period(request, client), annotation_form=form)


@require_POST
@require(KEEPS)
def annotation_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Take a mark back."""
    client = found(request, ref, KEEPS)
    row = Annotation.objects.visible_to(request.actor).filter(client=client, pk=pk).first()
    if row is None:
        raise Http404("There is no such mark.")
    back = _at(client, periods.month_of(row.day))
    return do(
        request, back, lambda: remarks.drop_annotation(row, by=request.actor), "The mark is taken back."
    )


@require_POST
@require(KEEPS)
def targets(request: StaffRequest, ref: str) -> HttpResponse:
    """Agree what a metric should reach."""
    client = found(request, ref, KEEPS)
    form = TargetForm(request.POST, client=client)
    if carried_out(form, lambda **said: agreed.agree_target(client, by=request.actor, **said)):
        return toast(request, redirect(_here(client)), "The target is agreed.")
    return _page(request, client, _period(request, client), target_form=form)


@require_POST
@require(KEEPS)
def target_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """It was not agreed."""
    client = found(request, ref, KEEPS)
    row = Target.objects.visible_to(request.actor).filter(client=client, pk=pk).first()
    if row is None:
        raise Http404("There is no such target.")
    return do(
        request, _here(client), lambda: agreed.drop_target(row, by=request.actor), "The target is taken back."
    )


def _page(
    request: StaffRequest,
    client: Client,
    period: Period,
    *,
    link: str = "",
    link_for: Contact | None = None,
    refused: str = "",
    **forms: Any,
) -> HttpResponse:
    shown = page.compose(client, period, draw="draw" in request.GET)
    keys = [card.metric.key for card in shown.cards]
    today = clock.today(client.zone)
    context = {
        "client": client,
        "tabs": tabs(client, "Figures"),
        "page": shown,
        "here": _here(client),
        "may_act": _may_act(request, client),
        "people": list(client.contacts.filter(left_on=None).exclude(email="")),
        "targets": _targets(request, shown),
        "commentary_form": CommentaryForm(keys=keys),
        "annotation_form": AnnotationForm(initial={"day": min(today, period.end)}),
        "target_form": TargetForm(client=client, initial={"from_day": period.start}),
        "opened": next(iter(forms), ""),
        "link": link,
        "link_for": link_for,
        "refused": refused,
        **forms,
    }
    return render(request, "web/dashboard/figures.html", context, status=422 if forms or refused else 200)


def _targets(request: StaffRequest, shown: page.Page) -> list[tuple[Target, str, str]]:
    """The targets that stand, each with its metric and amount in words."""
    rows = Target.objects.visible_to(request.actor).standing().filter(client=shown.client)
    said = []
    for row in rows.select_related("contact", "goal"):
        metric = METRICS[row.metric]
        amount = wording.value(metric, row.amount, shown.currency)
        said.append((row, metric.label, f"{amount} a month" if metric.summed else amount))
    return said


def _commentary(request: StaffRequest, ref: str, pk: int) -> tuple[Client, Commentary]:
    client = found(request, ref, KEEPS)
    row = Commentary.objects.visible_to(request.actor).filter(client=client, pk=pk).first()
    if row is None:
        raise Http404("There is no such commentary.")
    return client, row


def _period(request: StaffRequest, client: Client) -> Period:
    """The period of the address or the form; without one the month worth looking at."""
    said = request.GET.get("period") or request.POST.get("period")
    return periods.parse(said) if said else page.usual_period(client)


def _dashboard(client: Client) -> Dashboard | None:
    return Dashboard.objects.filter(client=client).first()


def _may_act(request: StaffRequest, client: Client) -> bool:
    return request.actor.may(KEEPS) and may_act_for(client.pk, request.actor)


def _here(client: Client) -> str:
    return f"{client.get_absolute_url()}figures/"


def _at(client: Client, period: Period) -> str:
    return f"{_here(client)}?period={period.key}"
