"""A member's own page: details, ways to sign in, sessions, API tokens."""

from __future__ import annotations

from functools import partial

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from steadyhand.core.refusals import Refusal
from steadyhand.people import members, tokens
from steadyhand.people.models import Member
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.answers import do
from steadyhand.web.context import exists
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.people import DetailsForm, TokenForm

HOME = "/account/"
FEEDS = "/calendar/feeds/"
YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
@staff
def details(request: StaffRequest) -> HttpResponse:
    """Who you are and how things look for you."""
    if request.method == "GET":
        return _page(request, DetailsForm.of(request.member))
    form = DetailsForm.of(request.member, request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        member = members.change_member(request.member, by=request.actor, **form.cleaned_data)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(request, form)
    return remember_looks(toast(request, redirect(HOME), "Saved."), member)


@require_POST
@staff
def sign_out_everywhere(request: StaffRequest) -> HttpResponse:
    """End every session, on every device, this one too."""
    members.sign_out_everywhere(request.member, by=request.actor)
    logout(request)
    return redirect(settings.LOGIN_URL)


@require_POST
@never_cache
@staff
def make_token(request: StaffRequest) -> HttpResponse:
    """Make an API token and show it, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, DetailsForm.of(request.member), form)
    try:
        token, secret = tokens.make_token(request.member, by=request.actor, **form.cleaned_data)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(request, DetailsForm.of(request.member), form)
    return render(request, "web/account/token.html", {"token": token, "secret": secret})


@require_POST
@staff
def token_revocation(request: StaffRequest, pk: int) -> HttpResponse:
    """The token opens nothing any more."""
    token = get_object_or_404(tokens.tokens_of(request.member), pk=pk)
    said = f"“{token.label}” opens nothing any more."
    return do(request, f"{HOME}#tokens", partial(tokens.revoke_token, token, by=request.actor), said)


def remember_looks[R: HttpResponse](response: R, member: Member) -> R:
    """Theme, density and shortcuts as cookies, which every page reads before it draws."""
    looks = {
        "theme": "" if member.theme == "system" else member.theme,
        "density": "" if member.density == "comfortable" else member.density,
        "shortcuts": "" if member.shortcuts else "off",
    }
    for name, value in looks.items():
        if value:
            response.set_cookie(f"steadyhand_{name}", value, max_age=YEAR, samesite="Lax")
        else:
            response.delete_cookie(f"steadyhand_{name}", samesite="Lax")
    return response


def _page(request: StaffRequest, form: DetailsForm, token_form: TokenForm | None = None) -> HttpResponse:
    kinds = list(Authenticator.objects.filter(user=request.user.pk).values_list("type", flat=True))
    context = {
        "form": form,
        "token_form": token_form or TokenForm(),
        "tokens": tokens.tokens_of(request.member),
        "has_password": request.member.user is not None and request.member.user.has_usable_password(),
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "has_totp": Authenticator.Type.TOTP in kinds,
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "feeds": FEEDS if exists(FEEDS) else "",
    }
    wrong = form.errors or (token_form and token_form.errors)
    return render(request, "web/account/details.html", context, status=422 if wrong else 200)
