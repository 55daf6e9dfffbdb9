"""An agreement as the client reads it, talks it over, signs or declines it. Works without JavaScript."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steadyhand.core.network import address_of
from steadyhand.core.refusals import Refusal
from steadyhand.core.serving import file_answer
from steadyhand.desk.agreements import AgreementPage, for_client
from steadyhand.onboarding.agreements import sharing
from steadyhand.onboarding.agreements.signing import CONSENT, PLAINLY, Ceremony, intent, sign_for_client
from steadyhand.onboarding.models import Agreement
from steadyhand.portal.visiting import Visitor, VisitorRequest, visitors


@require_safe
@visitors("agreement")
def show(request: VisitorRequest, pk: int) -> HttpResponse:
    """`/portal/agreements/<id>/`: read it, and say something about a clause."""
    return _shown(request, _page(request, pk))


@require_POST
@visitors("agreement")
def comments(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST /portal/agreements/<id>/comments/`: about one clause (`clause`), or the whole."""
    page = _page(request, pk)
    clause = request.POST.get("clause", "")
    try:
        sharing.comment(
            page.agreement,
            request.POST.get("text", ""),
            by=request.visitor.actor,
            clause_key=clause,
            contact=request.visitor.contact,
        )
    except Refusal as refusal:
        typed = {"clause": clause, "text": request.POST.get("text", ""), "why": str(refusal)}
        return _shown(request, page, typed=typed, status=422)
    return redirect(f"/portal/agreements/{pk}/#{clause or 'whole'}")


@require_http_methods(["GET", "POST"])
@visitors("agreement")
def signature(request: VisitorRequest, pk: int) -> HttpResponse:
    """`/portal/agreements/<id>/signature/` shows all of it once more, POST signs it."""
    page = _page(request, pk)
    contact = request.visitor.contact
    sentence = intent(contact.name, page.version.client_name, page.agreement.title)
    context = {"page": page, "consent": CONSENT, "intent": sentence, "plainly": PLAINLY}
    if request.method == "GET":
        return render(request, "portal/agreements/sign.html", context)
    name, consents = request.POST.get("name", ""), "consents" in request.POST and "intends" in request.POST
    ceremony = Ceremony(
        name=name,
        digest=request.POST.get("digest", ""),
        consents=consents,
        address=address_of(request),
        agent=request.headers.get("User-Agent", ""),
        through=_way_in(request.visitor),
    )
    try:
        sign_for_client(page.agreement, contact, ceremony, by=request.visitor.actor)
    except Refusal as refusal:
        typed = {"name": name, "consents": consents, "why": str(refusal)}
        return render(request, "portal/agreements/sign.html", context | {"typed": typed}, status=422)
    return redirect(f"/portal/agreements/{pk}/")


@require_http_methods(["GET", "POST"])
@visitors("agreement")
def declining(request: VisitorRequest, pk: int) -> HttpResponse:
    """`/portal/agreements/<id>/declining/` asks why, POST declines it."""
    page = _page(request, pk)
    why, status = "", 200
    if request.method == "POST":
        contact = request.visitor.contact
        try:
            sharing.decline(
                page.agreement, contact, by=request.visitor.actor, reason=request.POST.get("reason", "")
            )
        except Refusal as refusal:
            why, status = str(refusal), 422
        else:
            return redirect(f"/portal/agreements/{pk}/")
    return render(request, "portal/agreements/decline.html", {"page": page, "why": why}, status=status)


@require_safe
@visitors("agreement")
def paper(request: VisitorRequest, pk: int) -> HttpResponseBase:
    """`/portal/agreements/<id>/sealed.pdf`: what both have signed, to keep."""
    agreement = _page(request, pk).agreement
    seal = getattr(agreement, "seal", None)
    if seal is None:
        raise Http404("It is not sealed yet.")
    return file_answer(request, seal.digest, f"{agreement.title}.pdf", "application/pdf")


def _page(request: VisitorRequest, pk: int) -> AgreementPage:
    shared = Agreement.objects.shared_with(request.visitor.contact).select_related("client", "seal")
    agreement = shared.filter(pk=pk).first()
    page = for_client(agreement) if agreement is not None else None
    if page is None:
        raise Http404("There is no such agreement, or it is not shared with you.")
    return page


def _shown(
    request: VisitorRequest, page: AgreementPage, *, typed: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    context = {"page": page, "typed": typed or {}}
    return render(request, "portal/agreements/page.html", context, status=status)


def _way_in(visitor: Visitor) -> str:
    return "signed in with their own account" if visitor.signed_in else "a personal link sent to them"
