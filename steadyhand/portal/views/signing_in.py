"""Signing in to a client's pages: by a code in a mail or by a passkey; and out again."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from steadyhand.clients.models import Contact
from steadyhand.clients.portal_access import PORTAL, actor_of, may_visit, note_sign_in
from steadyhand.portal import codes, limits
from steadyhand.portal.visiting import SIGN_IN, contact_of

CODE = f"{SIGN_IN}code/"
REFUSED = 422
NEXT = "portal_next"

WRONG_CODE = "This code does not fit. Look at the newest mail, or ask for another code."
NO_PASSKEY = "This passkey opens no client's pages. Ask for a code instead."


class AddressForm(forms.Form):
    """Where the code goes."""

    email = forms.EmailField(
        label="Your e-mail address",
        help_text="The one we write to.",
        widget=forms.EmailInput(attrs={"autocomplete": "email webauthn", "autofocus": True}),
    )


class TypedForm(forms.Form):
    """The code, as it stands in the mail; case and dashes do not matter."""

    code = forms.CharField(
        label="The code",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """`/portal/sign-in/`: an address; whoever it belongs to is mailed a code."""
    if request.user.is_authenticated:
        return redirect(PORTAL if contact_of(request) else "/")
    _remember_where(request)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes.ask(request, form.cleaned_data["email"])
        return redirect(CODE)
    return render(request, "portal/sign_in.html", {"form": form}, status=REFUSED if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """`/portal/sign-in/code/`: the code from the mail."""
    waiting = codes.asked(request)
    if request.user.is_authenticated or waiting is None:
        return redirect(SIGN_IN)
    if waiting.proven:
        return _choice(request)
    form = TypedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = codes.prove(request, form.cleaned_data["code"])
        if found:
            return _let_in(request, found[0], "a code") if len(found) == 1 else _choice(request)
        if codes.asked(request) is None:
            return render(request, "portal/code_spent.html", status=REFUSED)
        form.add_error("code", WRONG_CODE)
    context = {"form": form, "email": waiting.email}
    return render(request, "portal/code.html", context, status=REFUSED if form.errors else 200)


@never_cache
@require_POST
def choice(request: HttpRequest, pk: int) -> HttpResponse:
    """`POST /portal/sign-in/as/<pk>/`: whose pages, where an address is known at several clients."""
    for contact in codes.proven(request):
        if contact.pk == pk:
            return _let_in(request, contact, "a code")
    return redirect(SIGN_IN)


@never_cache
@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """`/portal/sign-in/passkey/`: what the browser has to sign (GET, JSON), and what it signed (POST)."""
    if request.method == "GET":
        return JsonResponse({"request_options": passkeys.begin_authentication(user=None)})
    form = LoginWebAuthnForm(request.POST)
    if limits.is_within(request, "passkey", "") and form.is_valid():
        contact = Contact.objects.select_related("client", "user").filter(
            user=form.cleaned_data["credential"].user, user__is_active=True
        )
        found = contact.first()
        if found is not None and may_visit(found):
            form.cleaned_data["credential"].record_usage()
            return _let_in(request, found, "a passkey")
    context: dict[str, Any] = {"form": AddressForm(), "trouble": NO_PASSKEY}
    return render(request, "portal/sign_in.html", context, status=REFUSED)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """`POST /portal/sign-out/`: this browser shows nothing any more; links it opened are forgotten too."""
    if contact_of(request) is not None or not request.user.is_authenticated:
        logout(request)
    return redirect(SIGN_IN)


def _let_in(request: HttpRequest, contact: Contact, how: str) -> HttpResponse:
    where = request.session.pop(NEXT, PORTAL)
    codes.forget(request)
    login(request, contact.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    note_sign_in(contact, how, by=actor_of(contact))
    return redirect(where)


def _choice(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/choice.html", {"contacts": codes.proven(request)})


def _remember_where(request: HttpRequest) -> None:
    """Where they wanted to go, if that is a page of theirs."""
    where = request.GET.get("next", "")
    if where.startswith(PORTAL) and url_has_allowed_host_and_scheme(where, allowed_hosts=None):
        request.session[NEXT] = where
