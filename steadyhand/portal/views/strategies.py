"""The strategy, as the client sees it: read what was shown, say what they think, sign it off (S19).

None of it needs JavaScript.
"""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from steadyhand.core.refusals import Refusal
from steadyhand.delivery.differences import differences
from steadyhand.delivery.models import Strategy, StrategyVersion
from steadyhand.delivery.strategies import comment_on_version, sign_off
from steadyhand.portal.visiting import VisitorRequest, visitors

KIND = "strategy"


@require_safe
@visitors(KIND)
def show(request: VisitorRequest, pk: int) -> HttpResponse:
    """`/portal/strategies/<pk>/`: the newest version shown to them, and what changed since the one before."""
    return _page(request, _strategy(request, pk))


@require_POST
@visitors(KIND)
def comments(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST …/comments/`: what they think; somebody answers on the next working day."""
    strategy = _strategy(request, pk)
    text = request.POST.get("text", "")
    try:
        comment_on_version(_read(request, strategy), text, by=request.visitor.actor)
    except Refusal as refusal:
        return _page(request, strategy, text=text, refusal=refusal)
    messages.success(request, "Thank you. We answer on the next working day.")
    return redirect(reverse("portal:strategy", args=[pk]))


@require_POST
@visitors(KIND)
def signing_off(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST …/sign-off/`: they agree to the version they have read."""
    strategy = _strategy(request, pk)
    try:
        sign_off(_read(request, strategy), by=request.visitor.actor)
    except Refusal as refusal:
        return _page(request, strategy, refusal=refusal)
    messages.success(request, "Signed off. Thank you.")
    return redirect(reverse("portal:strategy", args=[pk]))


def _page(
    request: VisitorRequest, strategy: Strategy, text: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    shown = list(_shown(strategy).select_related("sign_off").prefetch_related("comments")[:2])
    version, before = shown[0], shown[1] if len(shown) > 1 else None
    context = {
        "strategy": strategy,
        "version": version,
        "before": before,
        "changes": differences(before.text, version.text) if before else [],
        "sign_off": getattr(version, "sign_off", None),
        "comments": [one for row in reversed(shown) for one in row.comments.all()],
        "text": text,
        "refusal": refusal,
    }
    return render(request, "portal/strategies/show.html", context, status=422 if refusal else 200)


def _strategy(request: VisitorRequest, pk: int) -> Strategy:
    rows = Strategy.objects.shared_with(request.visitor.contact).select_related("client", "owner")
    strategy = rows.filter(pk=pk).first()
    if strategy is None:
        raise Http404("Nothing here is shared with you.")
    return strategy


def _read(request: VisitorRequest, strategy: Strategy) -> StrategyVersion:
    """The version they had before them, as the form says; one they were shown."""
    number = request.POST.get("version", "")
    version = (
        _shown(strategy).filter(number=int(number) if number.isdigit() and len(number) < 5 else 0).first()
    )
    if version is None:
        raise Refusal(
            "We could not tell which version you have read.", remedy="Read it here, then answer again."
        )
    return version


def _shown(strategy: Strategy) -> QuerySet[StrategyVersion]:
    return strategy.versions.filter(shared_at__isnull=False)
