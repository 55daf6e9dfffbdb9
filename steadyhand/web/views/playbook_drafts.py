"""The draft of the next version: started, written chapter by chapter or as text, discarded.

Every save names the revision it was made from. When somebody has saved since, both texts are shown.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import ValidationError

from steadyhand.core.models import Agency
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.desk import playbook_page as desk
from steadyhand.desk.playbook_chapters import BY_SLUG, CHAPTERS, Chapter
from steadyhand.people.roles import Capability
from steadyhand.playbook.adopting import draft_shipped
from steadyhand.playbook.comparison import compare
from steadyhand.playbook.documents import Document, DocumentRefused, dumps, loads
from steadyhand.playbook.merge_fields import MERGE_FIELDS
from steadyhand.playbook.models import Draft, Version
from steadyhand.playbook.problems import problems_of
from steadyhand.playbook.publishing import discard, edit_draft, find_base, start_draft
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.forms.playbook import ChapterForm, Flat
from steadyhand.web.views.playbook import FIRST, HOME, chapter_or_404, rights, tabs_of

NAME = Chapter("name", "Name", ("title", "about"), "What it is called, and for whom it is.")
TEXT = "text"
UNPROCESSABLE, CONFLICT = 422, 409


@require_POST
@require(Capability.EDIT_PLAYBOOK)
def start(request: StaffRequest) -> HttpResponse:
    """A draft of the live playbook, or of one that ships."""
    name = request.POST.get("shipped", "")
    if name:
        draft = draft_shipped(name, Agency.get().currency, by=request.actor)
    else:
        live = Version.live()
        if live is None:
            raise Refusal("No playbook is published yet.", remedy="Begin with one that ships.")
        draft = start_draft(live.playbook, by=request.actor)
    chapter = BY_SLUG.get(request.POST.get("chapter", ""), CHAPTERS[0])
    said = "Draft started. Nobody's plan changes until you publish it."
    return toast(request, redirect(f"{base_of(draft)}{chapter.slug}/"), said)


@require_GET
@require(Capability.EDIT_PLAYBOOK)
def show(request: StaffRequest, name: str) -> HttpResponse:
    """The draft opens at its first chapter."""
    return redirect(f"{base_of(draft_or_404(request, name))}{FIRST}/")


@require_http_methods(["GET", "POST"])
@require(Capability.EDIT_PLAYBOOK)
def chapter(request: StaffRequest, name: str, slug: str) -> HttpResponse:
    """One chapter of the draft as a form."""
    draft = draft_or_404(request, name)
    part = NAME if slug == NAME.slug else chapter_or_404(slug)
    try:
        document = loads(draft.document, find_base=find_base)
    except DocumentRefused:
        return redirect(f"{base_of(draft)}{TEXT}/")  # what it extends has changed meanwhile
    if request.method == "GET":
        form = ChapterForm.of(part.parts, document.policy)
        return _form(request, draft, part, form, revision=draft.revision)
    form = ChapterForm(part.parts, _typed(request))
    deed = request.POST.get("do", "")
    if deed:
        rearranged = form.rearranged(deed)
        return _form(request, draft, part, rearranged, revision=_revision(request), is_unsaved=True)
    return _save(request, draft, part, form, document)


def _save(
    request: StaffRequest, draft: Draft, part: Chapter, form: ChapterForm, document: Document
) -> HttpResponse:
    here, revision = f"{base_of(draft)}{part.slug}/", _revision(request)
    try:
        policy = form.changed(document.policy)
    except ValidationError as error:
        form.show(problems_of(error))
        return _form(request, draft, part, form, revision=revision, status=UNPROCESSABLE)
    if policy == document.policy:
        return toast(request, redirect(here), "Nothing was different, so nothing was saved.")
    text = dumps(Document(policy, document.extends), find_base=find_base)
    try:
        edit_draft(draft, text, revision=revision, by=request.actor)
    except Conflict as conflict:
        return both(request, name=draft.playbook.name, mine=text, refusal=conflict)
    return toast(request, redirect(here), f"Saved {part.label.lower()}. It counts when you publish.")


@require_http_methods(["GET", "POST"])
@require(Capability.EDIT_PLAYBOOK)
def text(request: StaffRequest, name: str) -> HttpResponse:
    """The whole draft as text, as the command line reads and writes it."""
    draft = draft_or_404(request, name)
    context = _around(request, draft, TEXT) | {"document": draft.document, "revision": draft.revision}
    if request.method == "GET":
        return render(request, "web/playbook/draft_text.html", context)
    typed = request.POST.get("document", "").replace("\r\n", "\n")
    context |= {"document": typed, "revision": _revision(request)}
    try:
        edit_draft(draft, typed, revision=_revision(request), by=request.actor)
    except Conflict as conflict:
        return both(request, name=name, mine=typed, refusal=conflict)
    except DocumentRefused as refused:
        context["problems"] = refused.problems
    except Refusal as refusal:
        context["refusal"] = refusal
    else:
        return toast(request, redirect(f"{base_of(draft)}{TEXT}/"), "Saved. It counts when you publish.")
    return render(request, "web/playbook/draft_text.html", context, status=UNPROCESSABLE)


@require_http_methods(["GET", "POST"])
@require(Capability.EDIT_PLAYBOOK)
def removal(request: StaffRequest, name: str) -> HttpResponse:
    """Throw the draft away, after seeing what goes with it: it cannot come back."""
    draft = draft_or_404(request, name)
    if request.method == "POST":
        discard(draft, by=request.actor)
        return toast(request, redirect(HOME), f"Discarded the draft of {draft.playbook}.")
    context = {"draft": draft, "base": base_of(draft), "groups": changes_of(draft)}
    return render(request, "web/playbook/removal.html", context)


def both(request: StaffRequest, *, name: str, mine: str, refusal: Conflict) -> HttpResponse:
    """Two people saved: show theirs and yours, what differs, and ways on that lose neither."""
    theirs = (
        Draft.objects.visible_to(request.actor).select_related("playbook").filter(playbook__name=name).first()
    )
    context: dict[str, Any] = {"refusal": refusal, "mine": mine, "theirs": theirs, "name": name}
    if theirs is not None:
        context |= {"base": base_of(theirs), "groups": _between(theirs.document, mine)}
    return render(request, "web/playbook/conflict.html", context, status=CONFLICT)


def _between(theirs: str, mine: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """What differs from theirs to mine; nothing where one of the two does not hold."""
    try:
        pair = [loads(document, find_base=find_base).policy for document in (theirs, mine)]
    except DocumentRefused:
        return []
    return desk.by_chapter(compare(*pair))


def changes_of(draft: Draft) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """What the draft would change in the playbook that is live, by part."""
    live = Version.live()
    policy = loads(draft.document, find_base=find_base).policy
    return desk.by_chapter(compare(live.policy, policy)) if live else []


def draft_or_404(request: StaffRequest, name: str) -> Draft:
    """The open draft of the playbook with this name."""
    drafts = Draft.objects.visible_to(request.actor).select_related("playbook")
    return get_object_or_404(drafts, playbook__name=name)


def base_of(draft: Draft) -> str:
    """The address beneath which the draft stands."""
    return f"{HOME}drafts/{draft.playbook.name}/"


def _form(
    request: StaffRequest,
    draft: Draft,
    part: Chapter,
    form: ChapterForm,
    *,
    revision: int,
    status: int = 200,
    is_unsaved: bool = False,
) -> HttpResponse:
    context = _around(request, draft, part.slug) | {
        "chapter": part,
        "form": form,
        "revision": revision,
        "is_unsaved": is_unsaved,
        "merge_fields": MERGE_FIELDS.values() if part.slug == "letters" else (),
    }
    return render(request, "web/playbook/draft.html", context, status=status)


def _around(request: StaffRequest, draft: Draft, current: str) -> dict[str, Any]:
    base = base_of(draft)
    return {"draft": draft, "base": base, "tabs": tabs_of(current, base), "current": current} | rights(
        request
    )


def _typed(request: StaffRequest) -> Flat:
    return {name: value for name, value in request.POST.items() if isinstance(value, str)}


def _revision(request: StaffRequest) -> int:
    revision = request.POST.get("revision", "")
    if not revision.isdigit():
        raise Http404("The form does not say which revision it was made from.")
    return int(revision)
