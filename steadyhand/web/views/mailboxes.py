"""Mailboxes: a member's own under their account, the agency's under the settings."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.comms.mail import addresses, imap
from steadyhand.comms.mail import providers as mail_providers
from steadyhand.comms.mail.mailboxes import (
    connect_with_password,
    connect_with_tokens,
    disconnect,
    may_connect_for,
)
from steadyhand.comms.mail.providers import Provider
from steadyhand.comms.models import Mailbox
from steadyhand.core.refusals import Refusal
from steadyhand.desk.mailboxes import mailboxes_page
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.mailboxes import MailboxForm

OWN, AGENCYS = "/account/mailboxes/", "/settings/mailboxes/"

#: Where the session keeps a sign-in at a provider that has begun.
BEGUN = "mailbox_sign_in"


@require_http_methods(["GET", "POST"])
@staff
def own(request: StaffRequest) -> HttpResponse:
    """`/account/mailboxes/`: one's own mailboxes and the address for copies."""
    return _page(request, request.member)


@require_http_methods(["GET", "POST"])
@require(Capability.MANAGE_SETTINGS)
def agencys(request: StaffRequest) -> HttpResponse:
    """`/settings/mailboxes/`: mailboxes of the agency, and what became of received mail."""
    return _page(request, None)


def _page(request: StaffRequest, member: Member | None) -> HttpResponse:
    form = MailboxForm(
        request.POST if request.method == "POST" else None,
        initial={"address": member.email if member else ""},
    )
    if request.method == "POST" and form.is_valid():
        try:
            mailbox = connect_with_password(by=request.actor, member=member, **form.words)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            return _connected(request, mailbox)
    context = {
        "form": form,
        "page": mailboxes_page(request.actor, member),
        "owner": member,
        "own_address": addresses.member_dropbox(member) if member else "",
        "receiving": addresses.receiving_address(),
        "here": OWN if member else AGENCYS,
    }
    return render(request, "web/receiving/mailboxes.html", context, status=422 if form.errors else 200)


@require_POST
@staff
def trial(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /mailboxes/<id>/trial/`: sign in there and say how it went."""
    mailbox = _mailbox(request, pk)
    try:
        imap.try_out(mailbox)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_home(mailbox))
    return toast(request, redirect(_home(mailbox)), f"{mailbox.address} lets us in.")


@require_POST
@staff
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /mailboxes/<id>/removal/`: read and send by it no more."""
    mailbox = disconnect(_mailbox(request, pk), by=request.actor)
    said = f"{mailbox.address} is disconnected, and its password or permission forgotten."
    return toast(request, redirect(_home(mailbox)), said)


@require_GET
@never_cache
@staff
def authorization(request: StaffRequest, kind: str) -> HttpResponse:
    """`/account/mailboxes/<kind>/authorization/`: off to the provider; `?for=agency` for the agency's.

    A link and not a form, because a form may only post to ourselves. Nothing is connected by it.
    """
    of, member = _provider(kind), None if request.GET.get("for") == "agency" else request.member
    if not may_connect_for(member, request.actor):
        raise Http404("The agency's mailboxes are connected by those who look after the settings.")
    asked = mail_providers.begin(of, _back(kind), member.email if member else "")
    request.session[BEGUN] = {
        "kind": kind,
        "state": asked.state,
        "verifier": asked.verifier,
        "for_agency": member is None,
    }
    return redirect(asked.url)


@require_GET
@never_cache
@staff
def callback(request: StaffRequest, kind: str) -> HttpResponse:
    """Where the provider sends them back: only to the session that began it, once."""
    of, begun = _provider(kind), request.session.pop(BEGUN, None)
    given = request.GET.get("state", "")
    if not begun or begun["kind"] != kind or not hmac.compare_digest(begun["state"].encode(), given.encode()):
        raise Refusal("That sign-in was not begun here, or is over.", remedy="Begin it again.")
    member = None if begun["for_agency"] else request.member
    home = AGENCYS if member is None else OWN
    if not request.GET.get("code"):
        messages.error(request, f"{of.kind.label} did not let us in. Nothing was connected.")
        return redirect(home)
    try:
        tokens = mail_providers.finish(of, request.GET["code"], begun["verifier"], _back(kind))
        mailbox = connect_with_tokens(of, tokens, by=request.actor, member=member)
    except OSError:
        messages.error(request, f"{of.kind.label} does not answer at the moment. Try it again.")
        return redirect(home)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(home)
    return _connected(request, mailbox)


def _connected(request: StaffRequest, mailbox: Mailbox) -> HttpResponse:
    """Look into it at once, so that a wrong password is seen now."""
    imap.read_mailbox(mailbox)
    mailbox.refresh_from_db()
    if mailbox.last_error:
        messages.error(request, f"{mailbox.address}: {mailbox.last_error}")
        return redirect(_home(mailbox))
    said = f"{mailbox.address} is connected. Mail with clients is filed from now on."
    return toast(request, redirect(_home(mailbox)), said)


def _provider(kind: str) -> Provider:
    found = mail_providers.provider(kind)
    if found is None:
        raise Http404("Mailboxes of that provider are not set up here.")
    return found


def _mailbox(request: StaffRequest, pk: int) -> Mailbox:
    found = Mailbox.objects.visible_to(request.actor).connected().filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such mailbox, or it is not yours.")
    return found


def _home(mailbox: Mailbox) -> str:
    return OWN if mailbox.member_id else AGENCYS


def _back(kind: str) -> str:
    """The address registered with the provider."""
    return f"{settings.BASE_URL}{OWN}{kind}/callback/"
