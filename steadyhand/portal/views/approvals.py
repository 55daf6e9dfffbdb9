"""Approvals, as the client sees them: look, comment at a place or a time, decide, hand over.

None of it needs JavaScript.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from steadyhand.core import clock
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.core.serving import file_answer
from steadyhand.delivery.approvals.asking import hand_over
from steadyhand.delivery.approvals.commenting import comment
from steadyhand.delivery.approvals.deciding import approve_all, decide, take_back
from steadyhand.delivery.approvals.following import FOLLOWER
from steadyhand.delivery.approvals.letters import drafts, send
from steadyhand.delivery.approvals.places import read_place, read_time
from steadyhand.delivery.models import Bundle, Decision, PieceVersion, Verdict
from steadyhand.desk.approvals import awaited_of, bundle_page
from steadyhand.portal.visiting import VisitorRequest, visitors

KIND = "approval"

SAID = {
    Verdict.APPROVED: "Approved. Thank you.",
    Verdict.WITH_CHANGES: "Approved. We put your changes in.",
    Verdict.CHANGE_WANTED: "Noted. We change it and show you the next version.",
}


@require_safe
@visitors()
def index(request: VisitorRequest) -> HttpResponse:
    """`/portal/approvals/`: everything they were asked about, what waits for them first."""
    contact = request.visitor.contact
    waiting = awaited_of(contact)
    mine = {bundle.pk for bundle in waiting}
    shared = Bundle.objects.shared_with(contact).order_by("-asked_at", "-pk")
    context = {"waiting": waiting, "others": [bundle for bundle in shared[:100] if bundle.pk not in mine]}
    return render(request, "portal/approvals/index.html", context)


@require_safe
@visitors(KIND)
def show(request: VisitorRequest, pk: int) -> HttpResponse:
    """`/portal/approvals/<pk>/`: what, which version, until when, and the answer."""
    return _page(request, _bundle(request, pk))


@require_POST
@visitors(KIND)
def decisions(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST …/decisions/` {version, verdict, words}: what they say to one version."""
    bundle = _bundle(request, pk)
    version = _sent(bundle, request.POST.get("version", ""))
    if request.POST.get("verdict") not in Verdict.values:
        raise Refusal("Say whether you approve.", remedy="Go back, and press one of the three buttons.")
    chosen = Verdict(request.POST["verdict"])

    def act() -> None:
        decide(version, chosen, by=request.visitor.actor, words=request.POST.get("words", ""))

    return _done(request, bundle, version, "words", act, SAID[chosen])


@require_POST
@visitors(KIND)
def everything(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST …/approval/` {version…}: approve all that was on the page, if it is still what it was."""
    bundle = _bundle(request, pk)
    versions = [_sent(bundle, number) for number in request.POST.getlist("version")]

    def act() -> None:
        approve_all(bundle, versions, by=request.visitor.actor)

    return _done(request, bundle, None, "", act, "All approved. Thank you.")


@require_POST
@visitors(KIND)
def thinking_again(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST …/decisions/removal/` {decision}: they take back what they said."""
    bundle = _bundle(request, pk)
    found = Decision.objects.filter(
        version__piece__bundle=bundle, pk=_number(request.POST.get("decision", ""))
    )
    decision = found.select_related("version__piece__bundle").first()
    if decision is None:
        raise Refusal("There is nothing to take back.", remedy="Go back: the page shows how it stands.")

    def act() -> None:
        take_back(decision, by=request.visitor.actor)

    return _done(request, bundle, decision.version, "", act, "Taken back. Decide again when you are ready.")


@require_POST
@visitors(KIND)
def comments(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST …/comments/` {version, text, x, y, at}: a remark, at a place or a time where one is given."""
    bundle = _bundle(request, pk)
    version = _sent(bundle, request.POST.get("version", ""))

    def act() -> None:
        comment(
            version,
            request.POST.get("text", ""),
            by=request.visitor.actor,
            place=read_place(request.POST.get("x", ""), request.POST.get("y", "")),
            seconds=read_time(request.POST.get("at", "")),
        )

    return _done(request, bundle, version, "text", act, "Your comment is with us.")


@require_POST
@visitors(KIND)
def handover(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST …/handover/` {to, or name and email; note}: a colleague decides in their place."""
    bundle, visitor = _bundle(request, pk), request.visitor
    chosen = request.POST.get("to", "")
    colleagues = visitor.client.contacts.filter(left_on=None)
    to = colleagues.filter(pk=_number(chosen)).first() if chosen else None

    def act() -> None:
        hand_over(
            bundle,
            visitor.contact,
            by=visitor.actor,
            to=to,
            name=request.POST.get("name", ""),
            email=request.POST.get("email", ""),
            note=request.POST.get("note", ""),
        )

    return _done(request, bundle, None, "handover", act, "Handed over. They are being written to.")


@require_safe
@visitors(KIND)
def media(request: VisitorRequest, pk: int, version_pk: int) -> HttpResponseBase:
    """`…/files/<version>/`: the picture or video of a version they may see."""
    version = _version(_bundle(request, pk), version_pk)
    file = version.file if version else None
    if file is None:
        raise Http404
    return file_answer(request, file.digest, file.name, file.media_type, inline=True)


def _done(
    request: VisitorRequest,
    bundle: Bundle,
    version: PieceVersion | None,
    field: str,
    act: Callable[[], None],
    said: str,
) -> HttpResponse:
    """Do it and show the page anew; a refusal stands where they typed, with their words."""
    began = clock.now()
    try:
        act()
    except Refusal as refusal:
        typed = {
            name: request.POST.get(name, "") for name in ("words", "text", "name", "email", "note", "at")
        }
        wrong = {
            "piece": version.piece_id if version else 0,
            "field": field,
            "sentence": str(refusal),
            "changed": isinstance(refusal, Conflict),
            **typed,
        }
        return _page(request, _bundle(request, bundle.pk), wrong=wrong, status=422)
    _tell_next(bundle, began)
    messages.success(request, said)
    anchor = f"#piece-{version.piece_id}" if version else ""
    return redirect(reverse("portal:approval", kwargs={"pk": bundle.pk}) + anchor)


def _tell_next(bundle: Bundle, began: dt.datetime) -> None:
    """Whoever is asked next gets their link at once; nobody here may wait for us to press a button."""
    send([mail for mail in drafts(bundle) if mail.made_at >= began], by=FOLLOWER)


def _page(
    request: VisitorRequest, bundle: Bundle, *, wrong: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    contact = request.visitor.contact
    page = bundle_page(bundle, for_client=True)
    asked = any(one.contact_id == contact.pk and one.ended_at is None for one in page.approvers)
    colleagues = contact.client.contacts.filter(left_on=None).exclude(pk=contact.pk)
    context = {
        "page": page,
        "contact": contact,
        "mine": [card for card in page.pieces if card.asks(contact)],
        "cards": [
            {"card": card, "asks": card.asks(contact), "said": card.said_by(contact)} for card in page.pieces
        ],
        "is_asked": asked,
        "colleagues": colleagues if asked else (),
        "wrong": wrong or {},
        "here": reverse("portal:approval", kwargs={"pk": bundle.pk}),
    }
    return render(request, "portal/approvals/show.html", context, status=status)


def _bundle(request: VisitorRequest, pk: int) -> Bundle:
    shared = Bundle.objects.shared_with(request.visitor.contact).select_related(
        "client", "owner", "commitment"
    )
    found = shared.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _sent(bundle: Bundle, number: str) -> PieceVersion:
    """The version a form names."""
    found = _version(bundle, _number(number))
    if found is None:
        raise Refusal("That is not part of this any more.", remedy="Go back, and look at what is there now.")
    return found


def _version(bundle: Bundle, pk: int) -> PieceVersion | None:
    """A version of this bundle's; of a piece that was taken out none is left to see."""
    kept = PieceVersion.objects.filter(piece__bundle=bundle, piece__removed_at=None, pk=pk)
    return kept.select_related("piece__bundle__client", "file").first()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
