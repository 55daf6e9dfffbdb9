"""Agreements: the list, drafting, what the client said, signing, and the evidence."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Client
from steadyhand.core.network import address_of
from steadyhand.core.refusals import Refusal
from steadyhand.core.serving import file_answer
from steadyhand.desk import agreements as desk
from steadyhand.desk.agreements import STATES, AgreementPage
from steadyhand.onboarding.agreements import drafting, signing, verifying
from steadyhand.onboarding.agreements import sharing as between
from steadyhand.onboarding.agreements.canonical import digest_of
from steadyhand.onboarding.agreements.letter import bring_agreement
from steadyhand.onboarding.agreements.paper import agreement_pdf
from steadyhand.onboarding.models import Agreement, ClauseComment
from steadyhand.people.roles import Capability as C
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.agreements import (
    Clauses,
    FileForm,
    NewAgreementForm,
    ReasonForm,
    ReplacementForm,
    TermsForm,
    clause_texts,
)
from steadyhand.web.sheets import asked

#: Bytes of a PDF that we look at.
LARGEST = 20_000_000


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/agreements/?state=signed&client=`: what is on its way, in force, or closed."""
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    named = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", ""))
    client = named.first() if "client" in request.GET else None
    narrowed = f"&client={client.ref}" if client else ""
    labels = {"open": "On the way", "signed": "Signed", "closed": "Closed"}
    tabs = [
        {"label": label, "url": f"/agreements/?state={key}{narrowed}", "current": key == state}
        for key, label in labels.items()
    ]
    context = {
        "agreements": desk.agreements_list(request.actor, state, client),
        "tabs": tabs,
        "state": state,
        "client": client,
        "may_draft": request.actor.may(C.EDIT_CLIENTS),
    }
    return render(request, "web/agreements/list.html", context)


@require_http_methods(["GET", "POST"])
@require(C.EDIT_CLIENTS)
def new(request: StaffRequest) -> HttpResponse:
    """`/agreements/new/?client=` asks what to draft, POST drafts it."""
    named = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", ""))
    initial = {"client": named.values_list("ref", flat=True).first() or ""}
    form = NewAgreementForm(
        request.POST if request.method == "POST" else None, actor=request.actor, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            row = drafting.draft_agreement(
                values["client"],
                values["template"],
                by=request.actor,
                engagement=values.get("engagement"),
                like=values.get("like"),
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            return redirect(f"/agreements/{row.pk}/")
    context = {"form": form, "next": "/agreements/"}
    return render(request, "web/agreements/new.html", context, status=422 if form.errors else 200)


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/agreements/<id>/`: its clauses, what was said about them, and the one next step."""
    return _shown(request, _page(request, pk))


@require_http_methods(["GET", "POST"])
@require(C.EDIT_CLIENTS)
def draft(request: StaffRequest, pk: int) -> HttpResponse:
    """`/agreements/<id>/draft/`: write the version in work; it is begun where there is none."""
    agreement = _agreement(request, pk)
    version = agreement.working_version
    if version is None:
        if request.method == "GET":
            return redirect(f"/agreements/{pk}/")
        if "title" not in request.POST and "seen" not in request.POST:
            drafting.revise(agreement, by=request.actor)
            return redirect(f"/agreements/{pk}/draft/")
        raise Refusal("This version has been shared meanwhile.", remedy="Start a new one to change it.")
    if request.method == "GET":
        terms = TermsForm.of(version, digest_of(version))
        rows = [{"key": one.key, "title": one.title, "text": one.text} for one in version.clauses.all()]
        return _editor(request, agreement, terms, Clauses(initial=rows, prefix="clause"))
    terms, clauses = TermsForm(request.POST), Clauses(request.POST, prefix="clause")
    terms.fix_title(version)
    if terms.is_valid() and clauses.is_valid():
        try:
            drafting.edit_draft(agreement, clause_texts(clauses), by=request.actor, **terms.cleaned_data)
        except Refusal as refusal:
            show_refusal(terms, refusal)
        else:
            if "more" in request.POST:
                return redirect(f"/agreements/{pk}/draft/#new-clause")
            return toast(request, redirect(f"/agreements/{pk}/"), "The draft is kept.")
    return _editor(request, agreement, terms, clauses, status=422)


@require_GET
@staff
def versions(request: StaffRequest, pk: int) -> HttpResponse:
    """`/agreements/<id>/versions/?from=1&to=2`: two versions compared, clause by clause."""
    page = _page(request, pk)
    after = _version(page, request.GET.get("to", "")) or page.version
    before = _version(page, request.GET.get("from", ""))
    if before is None:
        before = next((one for one in reversed(page.versions) if one.number < after.number), None)
    changes = desk.compared(before, after) if before is not None else []
    context = {"page": page, "before": before, "after": after, "changes": changes}
    return render(request, "web/agreements/versions.html", context)


@require_POST
@require(C.EDIT_CLIENTS)
def sharing(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /agreements/<id>/sharing/`: the client sees this version from now on."""
    agreement = _agreement(request, pk)
    version = between.share(agreement, by=request.actor)
    said = f"{agreement.client.name} can read version {version.number} now."
    return toast(request, redirect(f"/agreements/{pk}/"), said)


@require_POST
@require(C.EDIT_CLIENTS)
def comments(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /agreements/<id>/comments/`: answer the client at a clause; they read it."""
    page = _page(request, pk)
    clause, text = request.POST.get("clause", ""), request.POST.get("text", "")
    try:
        between.comment(page.agreement, text, by=request.actor, clause_key=clause, member=request.member)
    except Refusal as refusal:
        return _shown(request, page, typed={"clause": clause, "text": text, "why": str(refusal)}, status=422)
    return redirect(f"/agreements/{pk}/#{clause or 'whole'}")


@require_POST
@require(C.EDIT_CLIENTS)
def settlement(request: StaffRequest, pk: int, comment_pk: int) -> HttpResponse:
    """`POST …/comments/<id>/settlement/`: dealt with; `open=1` opens it again."""
    agreement = _agreement(request, pk)
    said = ClauseComment.objects.filter(version__agreement=agreement, pk=comment_pk).first()
    if said is None:
        raise Http404("There is no such comment.")
    between.settle_comment(said, by=request.actor, settled=request.POST.get("open") != "1")
    return redirect(f"/agreements/{pk}/#{said.clause_key or 'whole'}")


@require_POST
@require(C.AGREE_PLANS)
def readiness(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /agreements/<id>/readiness/`: both sides may sign."""
    between.make_ready(_agreement(request, pk), by=request.actor)
    return toast(request, redirect(f"/agreements/{pk}/"), "Both sides may sign it now.")


@require_http_methods(["GET", "POST"])
@require(C.EDIT_CLIENTS)
def withdrawal(request: StaffRequest, pk: int) -> HttpResponse:
    """`/agreements/<id>/withdrawal/` asks why, POST withdraws it."""
    agreement = _agreement(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            between.withdraw(agreement, by=request.actor, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            return toast(request, redirect(f"/agreements/{pk}/"), "Withdrawn; the client reads why.")
    words = {"heading": "Withdraw it", "button": "Withdraw it", "kind": "danger"}
    return asked(request, "web/agreements/act.html", form, agreement=agreement, **words)


@require_http_methods(["GET", "POST"])
@require(C.AGREE_PLANS)
def replacement(request: StaffRequest, pk: int) -> HttpResponse:
    """`/agreements/<id>/replacement/` asks by which, POST says so."""
    agreement = _agreement(request, pk)
    form = ReplacementForm(request.POST if request.method == "POST" else None, agreement=agreement)
    if request.method == "POST" and form.is_valid():
        try:
            between.replace(agreement, form.cleaned_data["successor"], by=request.actor)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            return toast(request, redirect(f"/agreements/{pk}/"), "It is replaced.")
    words = {"heading": "Another took its place", "button": "It is replaced", "kind": "do"}
    return asked(request, "web/agreements/act.html", form, agreement=agreement, **words)


@require_POST
@require(C.EDIT_CLIENTS)
def links(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /agreements/<id>/links/`: a contact's link, in a drafted mail (`letter`) or told once."""
    page = _page(request, pk)
    contacts = page.agreement.client.contacts.filter(left_on=None)
    contact = contacts.filter(pk=_number(request.POST.get("contact", ""))).first()
    if contact is None:
        raise Refusal("Choose who the link is for.", remedy="Links are for one person each.")
    if "letter" in request.POST:
        draft = bring_agreement(page.agreement, contact, by=request.actor, member=request.member)
        return toast(
            request, redirect(f"/messages/{draft.pk}/"), "Their link is in it. Read it, and send it."
        )
    if page.agreement.shared_at is None:
        raise Refusal("The client does not see this draft yet.", remedy="Share it first, then send a link.")
    _, path = issue_link(contact, "agreement", pk, by=request.actor)
    link = {"contact": contact, "address": request.build_absolute_uri(path)}
    return _shown(request, page, link=link)


@require_http_methods(["GET", "POST"])
@require(C.AGREE_PLANS)
def signature(request: StaffRequest, pk: int) -> HttpResponse:
    """`/agreements/<id>/signature/` shows all of it, POST signs it for the agency."""
    page = _page(request, pk)
    sentence = signing.intent(request.member.name, page.version.agency_name, page.agreement.title)
    context = {"page": page, "consent": signing.CONSENT, "intent": sentence, "plainly": signing.PLAINLY}
    if request.method == "GET":
        return render(request, "web/agreements/sign.html", context)
    name, consents = request.POST.get("name", ""), "consents" in request.POST and "intends" in request.POST
    ceremony = signing.Ceremony(
        name=name,
        digest=request.POST.get("digest", ""),
        consents=consents,
        address=address_of(request),
        agent=request.headers.get("User-Agent", ""),
        through="signed in as a member",
    )
    try:
        signing.sign_for_agency(page.agreement, request.member, ceremony, by=request.actor)
    except Refusal as refusal:
        typed = {"name": name, "consents": consents, "why": str(refusal)}
        return render(request, "web/agreements/sign.html", context | {"typed": typed}, status=422)
    return toast(request, redirect(f"/agreements/{pk}/"), "You have signed it.")


@require_http_methods(["GET", "POST"])
@staff
def evidence(request: StaffRequest, pk: int) -> HttpResponse:
    """`/agreements/<id>/evidence/`: who signed what, when, from where; POST also opens the sealed file."""
    page = _page(request, pk)
    whole = request.method == "POST"
    check = verifying.verify_agreement if whole else verifying.verify_records
    context = {
        "page": page,
        "finding": check(page.agreement),
        "whole": whole,
        "links": list(page.agreement.chain.all()),
        "seal": getattr(page.agreement, "seal", None),
    }
    return render(request, "web/agreements/evidence.html", context)


@require_http_methods(["GET", "POST"])
@staff
def file_verification(request: StaffRequest) -> HttpResponse:
    """`/agreements/verification/` takes a PDF, POST says whether it is what was sealed here."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    finding = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > LARGEST:
            form.add_error("file", "That file is larger than 20 MB; no sealed agreement is.")
        else:
            finding = verifying.verify_file(file.read())
    if finding is not None and finding.agreement is not None:
        mine = Agreement.objects.visible_to(request.actor).filter(pk=finding.agreement.pk)
        finding.agreement = mine.first()
        if finding.agreement is None and finding.wrong:
            finding.wrong = ["What is stored of this agreement was altered. Ask its account team."]
    context = {"form": form, "finding": finding}
    return render(request, "web/agreements/verification.html", context, status=422 if form.errors else 200)


@require_GET
@staff
def paper(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/agreements/<id>/agreement.pdf`: the sealed PDF, or the text as it reads now."""
    page = _page(request, pk)
    seal = getattr(page.agreement, "seal", None)
    name = f"{page.agreement.title}.pdf"
    if seal is not None:
        return file_answer(request, seal.digest, name, "application/pdf")
    answer = HttpResponse(agreement_pdf(page.version), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="agreement-{pk}-draft.pdf"'
    return answer


def _agreement(request: StaffRequest, pk: int) -> Agreement:
    found = Agreement.objects.visible_to(request.actor).select_related("client").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such agreement, or you are not on that client's account team.")
    return found


def _page(request: StaffRequest, pk: int) -> AgreementPage:
    page = desk.agreement_page(pk, request.actor)
    if page is None:
        raise Http404("There is no such agreement, or you are not on that client's account team.")
    return page


def _shown(request: StaffRequest, page: AgreementPage, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "page": page,
        "gaps": desk.open_gaps(page.version),
        "contacts": desk.contacts_to_link(page.agreement),
        "may_draft": request.actor.may(C.EDIT_CLIENTS),
        "may_agree": request.actor.may(C.AGREE_PLANS),
    }
    return render(request, "web/agreements/page.html", context | more, status=status)


def _editor(
    request: StaffRequest, agreement: Agreement, terms: TermsForm, clauses: Any, status: int = 200
) -> HttpResponse:
    context = {"agreement": agreement, "terms": terms, "clauses": clauses}
    return render(request, "web/agreements/draft.html", context, status=status)


def _version(page: AgreementPage, number: str) -> Any:
    return next((one for one in page.versions if one.number == _number(number)), None)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else 0
