"""The glossary of channels: how each works, how long things take, and words somebody asked about (S17)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.delivery import glossary as verbs
from steadyhand.delivery.channels import channel_name, guides
from steadyhand.delivery.models import ChannelLead, Term
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.glossary import ChannelLeadForm, ExplanationForm, TermForm
from steadyhand.web.sheets import asked, changed, in_sheet, next_page
from steadyhand.web.views.delivery import rooms

KEEPS = Capability.KEEP_PROMISES
LEADS = (Capability.SEE_TEAM, Capability.EDIT_PLAYBOOK)
MOST = 500


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/glossary/?q=`: channels and words that hold these letters; all of them without."""
    wanted = request.GET.get("q", "").strip()
    terms = Term.objects.visible_to(request.actor)
    explained = terms.explained()
    if wanted:
        explained = explained.filter(word__icontains=wanted) | explained.filter(explanation__icontains=wanted)
    leads = {row.channel: row.member for row in ChannelLead.objects.select_related("member")}
    shown = [guide for guide in guides() if not wanted or guide.holds(wanted)]
    context = {
        "rooms": rooms("Glossary"),
        "wanted": wanted,
        "guides": [(guide, leads.get(guide.key)) for guide in shown],
        "terms": [(term, channel_name(term.channel)) for term in explained[:MOST]],
        "asked": list(terms.asked().select_related("heard_by", "asked_of", "asking")[:MOST]),
        "keeps": request.actor.may(KEEPS),
        "names_leads": any(request.actor.may(one) for one in LEADS),
        "here": request.get_full_path(),
    }
    return render(request, "web/delivery/glossary.html", context)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def new(request: StaffRequest) -> HttpResponse:
    """`/glossary/new/?word=&client=&channel=`: a word you did not know."""
    heard_at = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", "")).first()
    form = TermForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        initial={
            "word": request.GET.get("word", "")[:100],
            "channel": request.GET.get("channel", ""),
            "client": heard_at.name if heard_at else "",
        },
    )
    made: list[Term] = []

    def act(**values: Any) -> None:
        made.append(verbs.hear_term(by=request.actor, member=request.member, **values))

    if request.method == "POST" and carried_out(form, act):
        owner = made[0].asking.owner if made[0].asking else None
        whom = owner.name if owner is not None and owner != request.member else "you"
        said = f"“{made[0].word}” is asked of {whom}; the answer joins the glossary."
        answer = changed() if in_sheet(request) else redirect("/glossary/")
        return toast(request, answer, said, undo=f"/glossary/{made[0].pk}/removal/")
    words = {"heading": "A word you did not know", "button": "Ask", "url": "/glossary/new/"}
    return asked(request, "web/delivery/which.html", form, **words)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/glossary/<pk>/`: explain a word, or explain it better."""
    term = _found(request, pk)
    form = ExplanationForm(
        request.POST if request.method == "POST" else None,
        initial={"explanation": term.explanation, "channel": term.channel},
    )
    if request.method == "POST" and carried_out(
        form, lambda **values: verbs.explain_term(term, by=request.actor, **values)
    ):
        answer = changed() if in_sheet(request) else redirect(next_page(request) or "/glossary/")
        return toast(request, answer, f"“{term.word}” is in the glossary.")
    heading = f"What does “{term.word}” mean?"
    return asked(
        request, "web/delivery/which.html", form, heading=heading, button="Explain it", url=f"/glossary/{pk}/"
    )


@require_POST
@require(KEEPS)
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a word out again."""
    term = _found(request, pk)
    said = f"Taken out: “{term.word}”."
    return do(request, "/glossary/", lambda: verbs.drop_term(term, by=request.actor), said)


@require_http_methods(["GET", "POST"])
@require(*LEADS)
def lead(request: StaffRequest, channel: str) -> HttpResponse:
    """`/glossary/channels/<channel>/lead/`: whom to ask about it."""
    if channel not in {guide.key for guide in guides()}:
        raise Http404("There is no such channel.")
    known = verbs.lead_of_channel(channel)
    form = ChannelLeadForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        initial={"member": known.pk if known else None},
    )
    if request.method == "POST" and carried_out(
        form, lambda member: verbs.name_channel_lead(channel, member, by=request.actor)
    ):
        answer = changed() if in_sheet(request) else redirect("/glossary/")
        return toast(request, answer, f"Kept: who leads {channel_name(channel)}.")
    words = {"heading": f"Who leads {channel_name(channel)}", "button": "Keep it", "url": request.path}
    return asked(request, "web/delivery/which.html", form, **words)


def _found(request: StaffRequest, pk: int) -> Term:
    term = Term.objects.visible_to(request.actor).standing().filter(pk=pk).first()
    if term is None:
        raise Http404("There is no such word.")
    return term
