"""Pages behind mailed links. Opening one only looks, because mail scanners open them too; a button acts."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from steadyhand.core.models import Agency
from steadyhand.people import invitations
from steadyhand.people.models import Member, User
from steadyhand.people.news import end_news, reader_of
from steadyhand.web.forms.people import NewPasswordForm
from steadyhand.web.views.account import remember_looks

BACKEND = "steadyhand.people.sign_in.Backend"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: with a password, or without one."""
    member = invitations.invited(secret)
    if member is None:
        return _spent(request, "Ask whoever invited you to send a new invitation.")
    form = NewPasswordForm(request.POST if request.method == "POST" else None, email=member.email)
    if request.method == "POST" and form.is_valid():
        try:
            user = invitations.accept(secret, by=member.actor, password=form.cleaned_data["password"])
        except invitations.LinkSpent as spent:
            return _spent(request, spent.remedy)
        return _let_in(request, user)
    context = {"invited": member, "form": form, "agency": Agency.get()}
    return render(request, "web/links/join.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign in by a one-time link."""
    member = invitations.signing_in(secret)
    remedy = "Sign in another way, or ask for a new link."
    if member is None:
        return _spent(request, remedy)
    if request.method == "POST":
        try:
            user = invitations.use_signin_link(secret, by=member.actor)
        except invitations.LinkSpent:
            return _spent(request, remedy)
        return _let_in(request, user)
    return render(request, "web/links/sign_in.html", {"signing_in": member})


@csrf_exempt  # a mail program posts without having seen the page (RFC 8058); the secret is the permission
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def news(request: HttpRequest, secret: str) -> HttpResponse:
    """End the mails about what happened: the page asks, POST ends them."""
    member = reader_of(secret)
    if member is None:
        return _spent(request, "Sign in and choose under Your account how often we write.")
    if request.method == "POST":
        end_news(member, by=member.actor)
    return render(request, "web/links/news.html", {"reader": member, "ended": request.method == "POST"})


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user, backend=BACKEND)
    return remember_looks(redirect("/"), Member.objects.get(user=user))


def _spent(request: HttpRequest, remedy: str) -> HttpResponse:
    return render(request, "web/links/spent.html", {"remedy": remedy}, status=410)
