"""Passkeys of somebody at a client: their phone or computer signs them in, without a code."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import SignupWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from steadyhand.clients.models import Contact
from steadyhand.clients.portal_access import add_passkey, drop_passkey
from steadyhand.portal.visiting import SIGN_IN, VisitorRequest, visitors

HERE = f"{SIGN_IN}passkeys/"
REFUSED = 422
NOT_READ = "The passkey could not be read. Try once more, or go on signing in by a code."


@require_http_methods(["GET", "POST"])
@visitors()
def passkeys(request: VisitorRequest) -> HttpResponse:
    """`/portal/sign-in/passkeys/`: those there are; adding one."""
    contact = request.visitor.contact
    if request.method == "POST":
        form = SignupWebAuthnForm(request.POST, user=contact.user)
        if form.is_valid():
            name, credential = form.cleaned_data["name"], form.cleaned_data["credential"]
            add_passkey(contact, name, credential, by=request.visitor.actor)
            return redirect(HERE)
        return _page(request, trouble=NOT_READ)
    return _page(request)


@require_POST
@visitors()
def removal(request: VisitorRequest, key_pk: int) -> HttpResponse:
    """`POST …/passkeys/<key_pk>/removal/`: it signs them in no more."""
    key = _keys(request.visitor.contact).filter(pk=key_pk).first()
    if key is None:
        raise Http404("There is no such passkey.")
    drop_passkey(request.visitor.contact, key, by=request.visitor.actor)
    return redirect(HERE)


def _keys(contact: Contact) -> Any:
    return Authenticator.objects.filter(user=contact.user_id, type=Authenticator.Type.WEBAUTHN)


def _page(request: VisitorRequest, trouble: str = "") -> HttpResponse:
    contact = request.visitor.contact
    context: dict[str, Any] = {"keys": _keys(contact) if contact.user_id else [], "trouble": trouble}
    if contact.user is not None and request.visitor.watched_by is None:
        context |= {
            "form": SignupWebAuthnForm(user=contact.user),
            "js_data": {"creation_options": _options(contact)},
        }
    return render(request, "portal/passkeys.html", context, status=REFUSED if trouble else 200)


def _options(contact: Contact) -> dict[str, Any]:
    """What the browser is asked to make; the device shows their own name and address, not our user's."""
    options = auth.begin_registration(contact.user, passwordless=True)
    person = {**options["publicKey"]["user"], "name": contact.email, "displayName": contact.name}
    return {**options, "publicKey": {**options["publicKey"], "user": person}}
