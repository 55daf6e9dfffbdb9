"""Received mail: what waits to be filed, its attachments, addresses for copies, and mail that bounced."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from steadyhand.comms.mail import addresses
from steadyhand.comms.mail.receiving import triage
from steadyhand.comms.mail.receiving.bounces import clear_bounce
from steadyhand.comms.models import Attachment, Bounce, Message
from steadyhand.core import files
from steadyhand.core.refusals import Refusal
from steadyhand.desk.triage import MOST, waiting_for
from steadyhand.people.roles import Capability as C
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.receiving import FilingForm
from steadyhand.web.sheets import next_page
from steadyhand.web.views.clients import found

TRIAGE = "/messages/triage/"

#: What a stranger sent is handed out, never shown: no page of ours could run it.
DOWNLOAD: dict[str, Any] = {"default-src": ["'none'"], "sandbox": True}


@require_GET
@staff
def waiting(request: StaffRequest) -> HttpResponse:
    """`/messages/triage/`: mail nobody could place."""
    return _waiting(request)


@require_POST
@require(C.KEEP_PROMISES)
def filing(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /messages/<id>/filing/`: it is that client's; its sender may become a contact."""
    message = _message(request, pk)
    form = FilingForm(request.POST, actor=request.actor, pk=pk)
    if not form.is_valid():
        return _waiting(request, form, pk)
    try:
        filed = triage.file_message(
            message, form.cleaned_data["client"], by=request.actor, new_contact=form.cleaned_data["name"]
        )
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _waiting(request, form, pk)
    said = f"“{filed}” stands on the timeline of {form.cleaned_data['client'].name}."
    return toast(request, redirect(TRIAGE), said, undo=f"/messages/{pk}/filing/removal/")


@require_POST
@require(C.KEEP_PROMISES)
def filing_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /messages/<id>/filing/removal/`: the wrong client; it waits again."""
    message = triage.take_back_filing(_message(request, pk), by=request.actor)
    return toast(request, _to(request, TRIAGE), f"“{message}” waits to be filed again.")


@require_POST
@require(C.KEEP_PROMISES)
def dismissal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /messages/<id>/dismissal/`: it concerns no client; with `always` nor does its sender."""
    always = bool(request.POST.get("always"))
    message = triage.dismiss(_message(request, pk), by=request.actor, always=always)
    said = (
        f"Mail from {message.from_address} will not wait here again." if always else f"“{message}” dismissed."
    )
    return toast(request, _to(request, TRIAGE), said, undo=f"/messages/{pk}/dismissal/removal/")


@require_POST
@require(C.KEEP_PROMISES)
def dismissal_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /messages/<id>/dismissal/removal/`: it does concern somebody."""
    message = triage.take_back_dismissal(_message(request, pk), by=request.actor)
    return toast(request, _to(request, TRIAGE), f"“{message}” waits to be filed again.")


@require_GET
@csp_override(DOWNLOAD)
@staff
def attachment(request: StaffRequest, pk: int) -> FileResponse:
    """`/attachments/<id>/`: a file that came by mail, as a download, to those who may read the mail."""
    row = Attachment.objects.visible_to(request.actor).filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such file, or it is not yours to see.")
    try:
        content = files.open_file(row.digest)
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the data folder.") from error
    answer = FileResponse(content, as_attachment=True, filename=row.name, content_type=row.mime_type)
    answer["Cache-Control"] = "private, no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


@require_POST
@require(C.KEEP_PROMISES)
def bounce_clearance(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /bounces/<id>/clearance/`: mail arrives there after all."""
    row = Bounce.objects.visible_to(request.actor).select_related("contact", "client").filter(pk=pk).first()
    if row is None:
        raise Http404("Nothing is wrong with that address, or it is not yours to see.")
    clear_bounce(row, by=request.actor)
    back = f"{row.client.get_absolute_url()}contacts/"
    return toast(request, _to(request, back), f"Mail to {row.address} counts as arriving again.")


@require_POST
@staff
def client_dropbox_renewal(request: StaffRequest, ref: str) -> HttpResponse:
    """`POST /clients/<ref>/dropbox/renewal/`: another address for copies."""
    client = found(request, ref, C.EDIT_CLIENTS)
    addresses.renew(client, by=request.actor)
    said = "There is a new address for copies. The earlier one no longer works."
    return toast(request, _to(request, f"{client.get_absolute_url()}messages/"), said)


@require_POST
@staff
def own_dropbox_renewal(request: StaffRequest) -> HttpResponse:
    """`POST /account/mailboxes/dropbox/renewal/`: another address of one's own for copies."""
    addresses.renew(request.member, by=request.actor)
    said = "You have a new address for copies. The earlier one no longer works."
    return toast(request, _to(request, "/account/mailboxes/"), said)


def _waiting(request: StaffRequest, form: FilingForm | None = None, pk: int = 0) -> HttpResponse:
    rows = [
        (one, form if form is not None and one.message.pk == pk else FilingForm.of(one, request.actor))
        for one in waiting_for(request.actor)
    ]
    context = {
        "rows": rows,
        "is_full": len(rows) >= MOST,
        "may_file": request.actor.may(C.KEEP_PROMISES),
        "receiving": addresses.receiving_address(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "web/receiving/triage.html", context, status=status)


def _message(request: StaffRequest, pk: int) -> Message:
    message = Message.objects.visible_to(request.actor).filter(pk=pk, arrival__isnull=False).first()
    if message is None:
        raise Http404("There is no such mail, or it is not yours to see.")
    return message


def _to(request: StaffRequest, url: str) -> HttpResponse:
    """Back to the page it was done on, also from a button that htmx presses."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    back = next_page(request)
    return redirect(url if back == "/" else back)
