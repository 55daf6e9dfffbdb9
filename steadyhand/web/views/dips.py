"""Dips: what fell across clients, one dip with what explains it, and what one does about it."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.comms.mail.drafting import draft_message
from steadyhand.core.refusals import Refusal
from steadyhand.desk.dips import Dip, dip, dips_page
from steadyhand.people.roles import Capability as C
from steadyhand.reporting.dips import closing
from steadyhand.reporting.models import Cause
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.promises import line
from steadyhand.web.sheets import asked, changed, in_sheet


class SettleForm(forms.Form):
    """What it was, and a sentence that explains it."""

    cause = forms.ChoiceField(choices=Cause, widget=forms.RadioSelect, label="What it was")
    explanation = forms.CharField(
        max_length=1000,
        widget=line(3),
        label="In a sentence, as you would say it to the client",
        help_text="It goes into the words drafted for them.",
    )


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/dips/?of=mine&state=closed`: what is open across the clients one sees; of mine, or closed ones."""
    page = dips_page(
        request.actor,
        request.member,
        mine=request.GET.get("of") == "mine",
        closed=request.GET.get("state") == "closed",
    )
    parts = (
        ("Open", "/dips/", page.is_open and not page.is_mine),
        ("Open, mine", "/dips/?of=mine", page.is_open and page.is_mine),
        ("Closed", "/dips/?state=closed", not page.is_open),
    )
    tabs = [{"label": label, "url": url, "current": current} for label, url, current in parts]
    return render(request, "web/dips/list.html", {"page": page, "tabs": tabs})


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/dips/<id>/`: one dip: how unusual, since when, what it cost, where, and what to say."""
    found = _dip(request, pk)
    context = {"dip": found, "may_keep": request.actor.may(C.KEEP_PROMISES), "here": request.path}
    part = "#dip" if request.headers.get("HX-Request") else ""
    return render(request, f"web/dips/page.html{part}", context)


@require_http_methods(["GET", "POST"])
@require(C.KEEP_PROMISES)
def settlement(request: StaffRequest, pk: int) -> HttpResponse:
    """`/dips/<id>/settlement/` asks what it was, POST closes it."""
    found = _dip(request, pk)
    suspected = Cause.TRACKING if found.incident.tracking_suspected else ""
    form = SettleForm(
        request.POST if request.method == "POST" else None, auto_id="dip_%s", initial={"cause": suspected}
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            closing.settle(
                found.incident,
                Cause(values["cause"]),
                values["explanation"],
                by=request.actor,
                member=request.member,
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(f"/dips/{pk}/")
            return toast(
                request, answer, "Closed. The promise to look is kept.", undo=f"/dips/{pk}/reopening/"
            )
    return asked(request, "web/dips/settle.html", form, dip=found, url=request.path)


@require_POST
@require(C.KEEP_PROMISES)
def reopening(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /dips/<id>/reopening/`: it is not explained after all."""
    closing.reopen(_dip(request, pk).incident, by=request.actor)
    return toast(request, _back(request, pk), "The dip is open again.")


@require_POST
@require(C.KEEP_PROMISES)
def message(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /dips/<id>/message/`: the drafted words become a mail to write on."""
    found = _dip(request, pk)
    draft = draft_message(
        found.client,
        by=request.actor,
        member=request.member,
        contact=found.contact,
        subject=found.subject,
        text=found.words,
        about=(closing.ABOUT, pk),
    )
    return redirect(f"/messages/{draft.pk}/")


@require_POST
@require(C.KEEP_PROMISES)
def telling(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /dips/<id>/telling/` (`first`): the client knows; `first`=yes: from us, before they asked."""
    closing.note_told(_dip(request, pk).incident, by=request.actor, first=request.POST.get("first") == "yes")
    return toast(request, _back(request, pk), "Written down.", undo=f"/dips/{pk}/telling/removal/")


@require_POST
@require(C.KEEP_PROMISES)
def untelling(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /dips/<id>/telling/removal/`: they were not told after all."""
    closing.untell(_dip(request, pk).incident, by=request.actor)
    return toast(request, _back(request, pk), "Taken back.")


def _back(request: StaffRequest, pk: int) -> HttpResponse:
    return changed() if request.headers.get("HX-Request") else redirect(f"/dips/{pk}/")


def _dip(request: StaffRequest, pk: int) -> Dip:
    found = dip(pk, request.actor)
    if found is None:
        raise Http404("There is no such dip, or you are not on that client's account team.")
    return found
