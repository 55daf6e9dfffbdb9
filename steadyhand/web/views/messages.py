"""Mail with clients: the tab of a client, writing, sending, reading; what waits on the reader."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.comms.mail import writing
from steadyhand.comms.mail.rendering import as_html
from steadyhand.comms.models import Message, MessageState
from steadyhand.core import clock
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.desk.messages import MessagePage, client_mail, message_page, my_mail
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, demand, require, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.messages import DraftForm, SendingForm, StartForm
from steadyhand.web.sheets import asked, in_sheet
from steadyhand.web.views.clients import found, permissions, tabs

Policy = dict[str, Collection[str] | str]

#: Pages that show a mail as its reader sees it hold it in a frame of our own.
WITH_FRAME: Policy = {**cast(Policy, settings.SECURE_CSP), "frame-src": ["'self'"]}

#: States in which its words may still change.
NOT_LEFT = (MessageState.DRAFT, MessageState.IN_REVIEW, MessageState.CANCELLED, MessageState.FAILED)

#: A mail itself: its own styles, nothing from elsewhere, no script, and only within our pages.
AS_READ: Policy = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/messages/`: what one has written that is not done with; what waits for one's look first."""
    return render(request, "web/messages/mine.html", {"mail": my_mail(request.member, request.actor)})


@require_GET
@staff
def of_client(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/messages/`: the threads with one client."""
    client = found(request, ref)
    context = {
        "client": client,
        "tabs": tabs(client, "Messages"),
        "mail": client_mail(client, request.actor),
        **permissions(request),
    }
    return render(request, "web/messages/client.html", context)


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES)
def new(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/messages/new/?contact=&template=&about=` asks; POST begins a draft and opens it."""
    client = found(request, ref)
    form = StartForm(request.POST or None, client=client, initial=request.GET.dict())
    about = request.POST.get("about") or request.GET.get("about", "")
    if request.method == "POST" and form.is_valid():
        try:
            draft = writing.draft_message(
                client,
                by=request.actor,
                member=request.member,
                contact=form.cleaned_data["contact"],
                template=form.cleaned_data["template"],
                about=_named(about),
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            return _go(request, draft)
    return asked(request, "web/messages/new.html", form, client=client, about=about)


@require_http_methods(["GET", "POST"])
@csp_override(WITH_FRAME)
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/messages/<id>/`: written on while it is a draft (POST keeps it), read once it has left."""
    page = _page(request, pk)
    if request.method == "POST":
        demand(request, Capability.KEEP_PROMISES)
        return _keep(request, page)
    if page.may_write:
        return _editor(request, page, DraftForm.of(page.message))
    return render(request, "web/messages/show.html", _context(page))


def _keep(request: StaffRequest, page: MessagePage) -> HttpResponse:
    """Autosave: only what stands beneath the words is drawn anew, so that nobody loses their place."""
    form = DraftForm.of(page.message, request.POST)
    form.is_valid()
    theirs = None
    try:
        page.message = writing.save_draft(page.message, by=request.actor, seen=form.version, **form.words)
    except Conflict as conflict:
        theirs = page.message
        form.add_error(None, str(conflict))
    except Refusal as refusal:
        show_refusal(form, refusal)
    if not request.headers.get("HX-Request"):
        if form.errors:
            return _editor(request, page, form, theirs=theirs)
        return toast(
            request, redirect(f"/messages/{page.message.pk}/"), "Kept. Nobody has been sent anything."
        )
    fresh = message_page(page.message, request.actor)
    context = _context(fresh) | {"form": form, "theirs": theirs, "kept": not form.errors}
    return render(request, "web/messages/draft.html#standing", context)


def _editor(request: StaffRequest, page: MessagePage, form: DraftForm, **more: Any) -> HttpResponse:
    suggested = page.suggested.astimezone(clock.zone_info(page.client.zone))
    sending = SendingForm(
        zone=page.client.zone,
        reviewers=page.reviewers,
        initial={"on": suggested.date(), "at": suggested.time()},
    )
    context = _context(page) | {"form": form, "sending": sending} | more
    return render(request, "web/messages/draft.html", context, status=422 if form.errors else 200)


@require_POST
@csp_override(WITH_FRAME)
@require(Capability.KEEP_PROMISES)
def sending(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /messages/<id>/sending/`: keep the words, then let it leave, or ask for a look first."""
    page = _page(request, pk)
    form = DraftForm.of(page.message, request.POST)
    when = SendingForm(request.POST, zone=page.client.zone, reviewers=page.reviewers)
    try:
        if form.is_valid() and "text" in request.POST:
            page.message = writing.save_draft(page.message, by=request.actor, seen=form.version, **form.words)
        if form.is_valid() and when.is_valid():
            sent = writing.queue_message(
                page.message,
                by=request.actor,
                send_at=when.moment,
                at_once=when.cleaned_data["when"] == "now",
                reviewer=when.cleaned_data["reviewer"],
            )
            answer = redirect(f"/clients/{page.client.ref}/messages/")
            return toast(request, answer, _told(page, sent), undo=f"/messages/{pk}/removal/")
    except Refusal as refusal:
        show_refusal(form if refusal.field not in when.fields else when, refusal)
    fresh = message_page(page.message, request.actor)
    context = _context(fresh) | {"form": form, "sending": when}
    return render(request, "web/messages/draft.html", context, status=422)


def _told(page: MessagePage, sent: Message) -> str:
    if sent.state == MessageState.IN_REVIEW:
        review = sent.reviews.select_related("reviewer").first()
        who = review.reviewer.name if review and review.reviewer else "your reviewer"
        return f"“{sent.subject}” is with {who}. It leaves once they approve it."
    at = sent.send_at
    local = at.astimezone(clock.zone_info(page.client.zone)) if at else None
    if local is not None and message_page(sent, page.actor).letter.is_scheduled:
        return f"“{sent.subject}” leaves on {local:%a} {local.day} {local:%b} at {local:%H:%M}, their time."
    return f"“{sent.subject}” is on its way to {', '.join(sent.to)}."


@require_POST
@require(Capability.KEEP_PROMISES)
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /messages/<id>/removal/`: take it back; it opens again, to be changed."""
    page = _page(request, pk)
    was = page.message.state
    writing.cancel_message(page.message, by=request.actor)
    if was == MessageState.DRAFT:
        answer = _to(request, f"/clients/{page.client.ref}/messages/")
        return toast(request, answer, "Put away. You find it under Messages for a week.")
    return toast(request, _to(request, f"/messages/{pk}/"), "Taken back. Nothing was sent.")


@require_POST
@require(Capability.KEEP_PROMISES)
def reply(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /messages/<id>/reply/`: a draft in the same thread."""
    page = _page(request, pk)
    message = page.message
    to = [message.from_address] if page.letter.came and not message.contact else []
    draft = writing.draft_message(
        page.client,
        by=request.actor,
        member=request.member,
        contact=message.contact,
        to=to or ([] if message.contact else message.to),
        in_reply_to=message,
    )
    return _go(request, draft)


@require_POST
@require(Capability.KEEP_PROMISES)
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /messages/<id>/again/`: an uncertain one leaves once more, under the same Message-ID."""
    page = _page(request, pk)
    writing.send_again(page.message, by=request.actor)
    return toast(request, _to(request, f"/messages/{pk}/"), "It leaves once more, as the same mail.")


@require_POST
@require(Capability.KEEP_PROMISES)
def arrival(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /messages/<id>/arrival/`: they have it."""
    page = _page(request, pk)
    writing.say_arrived(page.message, by=request.actor)
    return toast(request, _to(request, f"/messages/{pk}/"), "Good: it counts as sent.")


@require_GET
@xframe_options_sameorigin
@csp_override(AS_READ)
@staff
def as_read(request: StaffRequest, pk: int) -> HttpResponse:
    """`/messages/<id>/html/`: the mail as its reader sees it, for a frame within our page."""
    message = _page(request, pk).message
    html = "" if message.state in NOT_LEFT else message.html
    return HttpResponse(html or as_html(message.subject, message.text, message.member))


def _page(request: StaffRequest, pk: int) -> MessagePage:
    seen = Message.objects.visible_to(request.actor).filter(client__isnull=False)
    message = seen.select_related("client", "contact", "member", "outbox").filter(pk=pk).first()
    if message is None:
        raise Http404("There is no such message, or it is not yours to read.")
    return message_page(message, request.actor)


def _context(page: MessagePage) -> dict[str, Any]:
    return {"page": page, "message": page.message, "client": page.client}


def _named(text: str) -> tuple[str, int] | None:
    """“comms.openquestion.7”, by value."""
    label, _, pk = text.rpartition(".")
    return (label, int(pk)) if label and pk.isdigit() else None


def _go(request: StaffRequest, draft: Message) -> HttpResponse:
    url = f"/messages/{draft.pk}/"
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if in_sheet(request) else redirect(url)


def _to(request: StaffRequest, url: str) -> HttpResponse:
    """Back to a page, also from a button that htmx presses."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
