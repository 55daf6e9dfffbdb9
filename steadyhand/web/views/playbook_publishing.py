"""From a draft to the live version: compared, previewed over the book, published."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from steadyhand.core.models import Agency
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.desk.playbook_chapters import projects, retainers
from steadyhand.desk.playbook_preview import effect, is_quick
from steadyhand.people.roles import Capability
from steadyhand.playbook.documents import SHIPPED, loads, shipped
from steadyhand.playbook.models import Draft, Version
from steadyhand.playbook.policy import Policy
from steadyhand.playbook.publishing import adopt_shipped, find_base, publish
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.views.playbook import HOME, rights
from steadyhand.web.views.playbook_drafts import base_of, changes_of, draft_or_404

LONGEST_NOTE = 300
ASKED = "effect"
REFUSED = 422
PUBLISHED = "{version} is live. The planner is bringing every client's plan up to date."


@require_safe
@require(Capability.EDIT_PLAYBOOK)
def comparison(request: StaffRequest, name: str) -> HttpResponse:
    """What the draft changes, in words."""
    draft = draft_or_404(request, name)
    live, policy = Version.live(), policy_of(draft)
    before = live.policy if live else None
    context: dict[str, Any] = _head(draft, live) | rights(request)
    context |= {
        "groups": changes_of(draft),
        "retainers": retainers(policy, before),
        "projects": projects(policy, before),
    }
    return render(request, "web/playbook/comparison.html", context)


@require_safe
@require(Capability.EDIT_PLAYBOOK)
def previewing(request: StaffRequest, name: str) -> HttpResponse:
    """What publishing the draft would do to the book."""
    draft = draft_or_404(request, name)
    context: dict[str, Any] = _head(draft, Version.live()) | rights(request)
    context |= _effect(request, policy_of(draft))
    return _page(request, "web/playbook/preview.html", context)


@require_http_methods(["GET", "POST"])
@require(Capability.PUBLISH_PLAYBOOK)
def publication(request: StaffRequest, name: str) -> HttpResponse:
    """Publish the draft, after seeing what it does."""
    draft = draft_or_404(request, name)
    context: dict[str, Any] = _head(draft, Version.live())
    context |= {"revision": draft.revision, "action": f"{base_of(draft)}publication/"}
    if request.method == "POST":
        note = request.POST.get("note", "").strip()[:LONGEST_NOTE]
        revision = request.POST.get("revision", "")
        try:
            version = publish(
                draft,
                by=request.actor,
                revision=int(revision) if revision.isdigit() else 0,
                note=note,
                over_newer="over_newer" in request.POST,
            )
        except Refusal as refusal:
            still = Draft.objects.filter(pk=draft.pk).exists()
            newer = isinstance(refusal, Conflict) and revision == str(draft.revision)
            context |= {"refusal": refusal, "note": note, "ask_over_newer": newer and still}
        else:
            return toast(request, redirect(HOME), PUBLISHED.format(version=version))
    context |= _effect(request, policy_of(draft))
    status = REFUSED if "refusal" in context else 200
    return _page(request, "web/playbook/publication.html", context, status=status)


@require_http_methods(["GET", "POST"])
@require(Capability.PUBLISH_PLAYBOOK)
def adoption(request: StaffRequest, name: str) -> HttpResponse:
    """Publish one that ships as it is, in the agency's currency, after seeing what it does."""
    if name not in SHIPPED:
        raise Http404("No such playbook ships.")
    currency = Agency.get().currency
    if request.method == "POST":
        version = adopt_shipped(name, currency, by=request.actor)
        return toast(request, redirect(HOME), PUBLISHED.format(version=version))
    policy = shipped(name).policy.having(currency=currency)
    context = {
        "title": policy.title,
        "live": Version.live(),
        "base": f"{HOME}shipped/{name}/",
        "action": f"{HOME}shipped/{name}/adoption/",
        "is_shipped": True,
    }
    return _page(request, "web/playbook/publication.html", context | _effect(request, policy))


def _effect(request: StaffRequest, policy: Policy) -> dict[str, Any]:
    """What publishing would do; for a large book only where to ask for it, so that the page comes at once."""
    if ASKED in request.GET or is_quick():
        return {"effect": effect(policy, request.actor)}
    return {"effect_url": f"{request.path}?{ASKED}"}


def _page(
    request: StaffRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    if ASKED in request.GET and request.headers.get("HX-Request") == "true":
        template = "web/playbook/_effect.html"
    return render(request, template, context, status=status)


def policy_of(draft: Draft) -> Policy:
    """What the draft says; a refusal where it no longer holds."""
    return loads(draft.document, find_base=find_base).policy


def _head(draft: Draft, live: Version | None) -> dict[str, Any]:
    return {"draft": draft, "base": base_of(draft), "live": live, "title": draft.playbook.title}
