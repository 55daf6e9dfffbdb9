"""Forms as the client fills them in: saved as they type, and without JavaScript by a button (O1, O2)."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steadyhand.clients.personal import keeps_details
from steadyhand.core.refusals import Refusal
from steadyhand.core.serving import file_answer
from steadyhand.desk.form_filling import fields_of, form_for
from steadyhand.onboarding.forms import filling, returning
from steadyhand.onboarding.forms import handing as handing_verbs
from steadyhand.onboarding.forms.engine import gaps, progress, shown
from steadyhand.onboarding.forms.reading import answers_of, open_sections
from steadyhand.onboarding.forms.values import Value, stamp, typed
from steadyhand.onboarding.models import FormFile, OtherAnswer, SentForm
from steadyhand.playbook.form_questions import FieldKind, FormQuestion, FormSection
from steadyhand.portal.visiting import VisitorRequest, visitors
from steadyhand.ui.toasts import toast


@require_safe
@visitors("form")
def show(request: VisitorRequest, pk: int) -> HttpResponse:
    """`/portal/forms/<id>/`: its parts, who does which, the terms, and sending it back."""
    return _first_page(request, _form(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@visitors("form")
def part(request: VisitorRequest, pk: int, section: str) -> HttpResponse:
    """`/portal/forms/<id>/parts/<key>/`: one part; POST saves all of it, for browsers without scripts."""
    sent = _form(request, pk)
    here = _section(request, sent, section)
    if request.method != "POST":
        return _section_page(request, sent, here)
    refused = _save_all(request, sent, here)
    answers = answers_of(sent)
    unsound = [gap for gap in gaps(sent.form, answers) if answers.get(gap.question.key)]
    check = any(gap.section.key == here.key for gap in unsound)
    if refused:
        return _section_page(request, sent, here, refused=refused, status=422)
    if "stay" in request.POST or check:
        return toast(request, redirect(f"{_url(sent, here)}{'?check' if check else ''}"), "Saved.")
    after = _next(request, sent, here)
    return toast(request, redirect(_url(sent, after) if after else _url(sent)), "Saved.")


@require_POST
@visitors("form")
def answer(request: VisitorRequest, pk: int, question: str) -> HttpResponse:
    """`POST /portal/forms/<id>/answers/<key>/`: one field as it is typed; says what stands there now."""
    sent = _form(request, pk)
    here = _section_asking(request, sent, question)
    asked = next(one for one in here.questions if one.key == question)
    value = _typed(request, asked)
    try:
        saved = filling.save_answer(
            sent,
            question,
            value,
            by=request.visitor.actor,
            base=request.POST.get("base", ""),
            page=request.POST.get("page", ""),
        )
    except Refusal as refusal:
        return JsonResponse({"refused": str(refusal)}, status=409)
    field = next(one for one in fields_of(sent, here) if one.question.key == question)
    answers = answers_of(sent)
    counted = progress(sent.form, answers, here.key)
    return JsonResponse(
        {
            "base": stamp(saved.value),
            "stands": saved.value == value or not (saved.value or value),
            "notes": render_to_string("portal/forms/notes.html", {"field": field, "sent": sent}, request),
            "shown": sorted(shown(sent.form, answers) & {q.key for q in here.questions}),
            "answered": counted.answered,
            "asked": counted.asked,
        }
    )


@require_POST
@visitors("form")
def choice(request: VisitorRequest, pk: int, other_pk: int) -> HttpResponse:
    """`POST …/others/<id>/choice/`: of two values in one field, one stands. What else was typed is saved."""
    sent = _form(request, pk)
    other = get_object_or_404(OtherAnswer.objects.select_related("form"), form=sent, pk=other_pk)
    here = _section_asking(request, sent, other.question_key)
    _save_all(request, sent, here, besides=other.question_key)
    keeps = request.POST.get("keep") == "standing"
    filling.pick_answer(other, by=request.visitor.actor, keep_standing=keeps)
    return toast(request, redirect(f"{_url(sent, here)}#{other.question_key}"), "That one stands.")


@require_safe
@visitors("form")
def file(request: VisitorRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """`GET …/files/<id>/`: a file that was added."""
    kept = _file(request, _form(request, pk), file_pk).file
    return file_answer(request, kept.digest, kept.name, kept.media_type)


@require_POST
@visitors("form")
def file_removal(request: VisitorRequest, pk: int, file_pk: int) -> HttpResponse:
    """`POST …/files/<id>/removal/`: take it out again. What else was typed is saved."""
    sent = _form(request, pk)
    added = _file(request, sent, file_pk)
    here = _section_asking(request, sent, added.question_key)
    _save_all(request, sent, here)
    name = added.file.name
    filling.remove_file(added, by=request.visitor.actor)
    return toast(request, redirect(f"{_url(sent, here)}#{added.question_key}"), f"“{name}” is taken out.")


@require_POST
@visitors("form")
def handing(request: VisitorRequest, pk: int, section: str) -> HttpResponse:
    """`POST …/parts/<key>/handing/`: ask a colleague for this part; they get a link by mail."""
    sent = _form(request, pk)
    _section(request, sent, section)
    known = request.POST.get("contact", "")
    contacts = request.visitor.client.contacts.filter(left_on=None)
    try:
        handed = handing_verbs.hand_section(
            sent,
            section,
            by=request.visitor.actor,
            contact=contacts.filter(pk=int(known)).first() if known.isdecimal() else None,
            name=request.POST.get("name", ""),
            email=request.POST.get("email", ""),
        )
    except Refusal as refusal:
        asked = {"section": section, "why": str(refusal), "typed": request.POST}
        return _first_page(request, sent, asked=asked, status=422)
    said = f"{handed.contact.name} gets a link to this part by mail."
    return toast(request, redirect(_url(sent)), said)


@require_POST
@visitors("form")
def handing_removal(request: VisitorRequest, pk: int, handed_pk: int) -> HttpResponse:
    """`POST …/handed/<id>/removal/`: that colleague does not fill it in after all."""
    sent = _form(request, pk)
    handed = get_object_or_404(sent.handed.select_related("contact", "form"), pk=handed_pk)
    name = handed.contact.name
    handing_verbs.take_section_back(handed, by=request.visitor.actor)
    return toast(request, redirect(_url(sent)), f"{name} does not have this part any more.")


@require_POST
@visitors("form")
def agreed(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST …/terms/`: agree to how we work together."""
    sent = _form(request, pk)
    if "agrees" not in request.POST:
        return _first_page(request, sent, refused="Tick the box to say that you agree.", status=422)
    returning.agree_terms(sent, by=request.visitor.actor, digest=request.POST.get("digest", ""))
    return toast(request, redirect(f"{_url(sent)}#terms"), "Agreed. Thank you.")


@require_POST
@visitors("form")
def sent_back(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST …/return/`: send it back to us."""
    sent = _form(request, pk)
    try:
        returning.return_form(sent, by=request.visitor.actor)
    except Refusal as refusal:
        return _first_page(request, sent, refused=str(refusal), status=422)
    return toast(request, redirect(_url(sent)), "Thank you. We have it.")


@require_POST
@visitors("form")
def reopening(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST …/reopening/`: change something after all."""
    sent = _form(request, pk)
    returning.reopen_form(sent, by=request.visitor.actor)
    return toast(request, redirect(_url(sent)), "It is open again. Send it back when you are done.")


# --- what the pages are made of


def _form(request: VisitorRequest, pk: int) -> SentForm:
    """The form, where it is shared with whoever asks; who of us looks on reads no more than they may."""
    rows = SentForm.objects.shared_with(request.visitor.contact).preloaded()
    watcher = request.visitor.watched_by
    if watcher is not None:
        rows = rows.filter(pk__in=SentForm.objects.readable_by(watcher.actor).values("pk"))
    return get_object_or_404(rows, pk=pk)


def _section(request: VisitorRequest, sent: SentForm, key: str) -> FormSection:
    """A section that is open to whoever asks."""
    for section in open_sections(sent, request.visitor.contact):
        if section.key == key:
            return section
    raise Http404("That part of the form is not yours.")


def _section_asking(request: VisitorRequest, sent: SentForm, key: str) -> FormSection:
    """The section, open to whoever asks, that holds this question."""
    for section in open_sections(sent, request.visitor.contact):
        if any(question.key == key for question in section.questions):
            return section
    raise Http404("That part of the form is not yours, or is not asked any more.")


def _file(request: VisitorRequest, sent: SentForm, pk: int) -> FormFile:
    added = get_object_or_404(sent.files.select_related("file", "form"), pk=pk)
    _section_asking(request, sent, added.question_key)
    return added


def _may_read(request: VisitorRequest, question: FormQuestion) -> bool:
    """Not what people say of themselves, for one of ours who looks on and is not on the account team."""
    watcher = request.visitor.watched_by
    return (
        watcher is None
        or not question.is_personal
        or keeps_details(request.visitor.contact.client_id, watcher.actor)
    )


def _first_page(
    request: VisitorRequest,
    sent: SentForm,
    *,
    refused: str = "",
    asked: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = form_for(sent, request.visitor.contact)
    context = {"page": page, "sent": sent, "refused": refused, "asked_of": asked}
    return render(request, "portal/forms/show.html", context, status=status)


def _section_page(
    request: VisitorRequest, sent: SentForm, section: FormSection, *, refused: str = "", status: int = 200
) -> HttpResponse:
    sections = open_sections(sent, request.visitor.contact)
    context = {
        "sent": sent,
        "section": section,
        "number": sections.index(section) + 1,
        "count": len(sections),
        "fields": [
            field
            for field in fields_of(sent, section, check="check" in request.GET)
            if _may_read(request, field.question)
        ],
        "progress": progress(sent.form, answers_of(sent), section.key),
        "is_last": section == sections[-1],
        "refused": refused,
    }
    return render(request, "portal/forms/part.html", context, status=status)


def _save_all(request: VisitorRequest, sent: SentForm, section: FormSection, *, besides: str = "") -> str:
    """Save every field of the part that was changed on the page; what was refused, in sentences."""
    refusals = []
    for question in section.questions:
        try:
            if question.kind is FieldKind.FILES:
                for upload in request.FILES.getlist(question.key):
                    content = upload.read()
                    filling.add_file(
                        sent, question.key, upload.name or "file", content, by=request.visitor.actor
                    )
            elif f"base.{question.key}" in request.POST and question.key != besides:
                _save_one(request, sent, question)
        except Refusal as refusal:
            refusals.append(str(refusal))
    return " ".join(dict.fromkeys(refusals))


def _save_one(request: VisitorRequest, sent: SentForm, question: FormQuestion) -> None:
    value, base = _typed(request, question), request.POST[f"base.{question.key}"]
    if stamp(value) == base or (not value and base == stamp("")):
        return  # nobody touched it
    filling.save_answer(
        sent,
        question.key,
        value,
        by=request.visitor.actor,
        base=base,
        page=request.POST.get("page", ""),
    )


def _typed(request: VisitorRequest, question: FormQuestion) -> Value:
    sent = {name: str(text) for name, text in request.POST.items()}
    return typed(question, sent, [str(one) for one in request.POST.getlist(question.key)])


def _next(request: VisitorRequest, sent: SentForm, section: FormSection) -> FormSection | None:
    sections = open_sections(sent, request.visitor.contact)
    number = sections.index(section) + 1
    return sections[number] if number < len(sections) else None


def _url(sent: SentForm, section: FormSection | None = None) -> str:
    if section is None:
        return reverse("portal:form", args=[sent.pk])
    return reverse("portal:form-part", args=[sent.pk, section.key])
