"""The playbook to read: the live one by chapters, every published version, and those that ship."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from steadyhand.desk import playbook_page as desk
from steadyhand.desk.playbook_chapters import BY_SLUG, CHAPTERS, Chapter, compose
from steadyhand.people.roles import Capability
from steadyhand.playbook.documents import SHIPPED, dumps, shipped
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import Policy
from steadyhand.web.access import StaffRequest, require, staff

HOME = "/playbook/"
FIRST = CHAPTERS[0].slug


@require_safe
@staff
def live(request: StaffRequest, slug: str = FIRST) -> HttpResponse:
    """The playbook in force, one chapter a page."""
    chapter = chapter_or_404(slug)
    now = desk.standing(request.actor)
    context: dict[str, Any] = {"standing": now} | rights(request)
    if now.live is None:
        return render(request, "web/playbook/none.html", context)
    context |= reading(chapter, now.live.policy, HOME)
    context |= {"version": now.live, "catching": desk.catching_up(now.live)}
    return render(request, "web/playbook/live.html", context)


@require_safe
@staff
def versions(request: StaffRequest) -> HttpResponse:
    """Every published version, latest first."""
    context = {"versions": desk.versions(request.actor)}
    return render(request, "web/playbook/versions.html", context)


@require_safe
@staff
def numbered(request: StaffRequest, number: int) -> HttpResponse:
    """A version by its number alone: the live playbook's, else the latest of that number."""
    found = Version.objects.visible_to(request.actor).filter(number=number).select_related("playbook")
    now = Version.live()
    of_live = now and found.filter(playbook=now.playbook_id).first()
    version = of_live or found.first()
    if version is None:
        raise Http404("There is no such version.")
    return redirect(version_url(version))


@require_safe
@staff
def version(request: StaffRequest, name: str, number: int, slug: str = FIRST) -> HttpResponse:
    """One published version, with what it changed."""
    chapter, found = chapter_or_404(slug), _version(request, name, number)
    context: dict[str, Any] = reading(chapter, found.policy, version_url(found)) | {"version": found}
    if slug == FIRST:
        before, differences = desk.changed_from_before(found)
        context |= {"before": before, "groups": desk.by_chapter(differences), "count": len(differences)}
    return render(request, "web/playbook/version.html", context)


@require_safe
@staff
def version_text(request: StaffRequest, name: str, number: int) -> HttpResponse:
    """A version as a text file, which `steadyhand playbook` reads."""
    found = _version(request, name, number)
    return text_file(dumps(found.policy), f"{name}-{number}.toml")


@require_safe
@staff
def planning(request: StaffRequest) -> HttpResponse:
    """How far the planner is with the live version; asked again each second while it is behind."""
    context = {"catching": desk.catching_up(Version.live())}
    return render(request, "web/playbook/_planning.html", context)


@require_safe
@require(Capability.EDIT_PLAYBOOK, Capability.PUBLISH_PLAYBOOK)
def offers(request: StaffRequest) -> HttpResponse:
    """The playbooks that ship, to be read and adopted."""
    now = desk.standing(request.actor)
    context = {"offers": desk.offers(now), "standing": now} | rights(request)
    return render(request, "web/playbook/offers.html", context)


@require_safe
@staff
def offer(request: StaffRequest, name: str, slug: str = FIRST) -> HttpResponse:
    """One that ships, to read before it is adopted."""
    if name not in SHIPPED:
        raise Http404("No such playbook ships.")
    policy = shipped(name).policy
    context = reading(chapter_or_404(slug), policy, f"{HOME}shipped/{name}/") | {"name": name}
    return render(request, "web/playbook/offer.html", context | rights(request))


def reading(chapter: Chapter, policy: Policy, base: str, before: Policy | None = None) -> dict[str, Any]:
    """What a page shows of one chapter; `base` is the address beneath which the chapters stand."""
    return {
        "chapter": chapter,
        "chapter_template": f"web/playbook/chapters/{chapter.slug}.html",
        "policy": policy,
        "part": compose(chapter.slug, policy, before),
        "tabs": tabs_of(chapter.slug, base),
    }


def tabs_of(current: str, base: str) -> list[dict[str, Any]]:
    """The chapters as tabs."""
    return [
        {
            "label": chapter.label,
            "url": f"{base}{chapter.slug}/",
            "current": chapter.slug == current,
        }
        for chapter in CHAPTERS
    ]


def chapter_or_404(slug: str) -> Chapter:
    """The chapter with this address."""
    try:
        return BY_SLUG[slug]
    except KeyError:
        raise Http404("There is no such chapter.") from None


def rights(request: StaffRequest) -> dict[str, bool]:
    """What the reader may do with the playbook."""
    return {
        "may_edit": request.actor.may(Capability.EDIT_PLAYBOOK),
        "may_publish": request.actor.may(Capability.PUBLISH_PLAYBOOK),
    }


def version_url(version: Version) -> str:
    """Where a version is read."""
    return f"{HOME}versions/{version.playbook.name}/{version.number}/"


def text_file(text: str, name: str) -> HttpResponse:
    """A text to keep."""
    return HttpResponse(
        text,
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _version(request: StaffRequest, name: str, number: int) -> Version:
    versions = Version.objects.visible_to(request.actor).select_related("playbook")
    return get_object_or_404(versions.defer("document", "content"), playbook__name=name, number=number)
