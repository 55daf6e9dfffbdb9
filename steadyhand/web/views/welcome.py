"""The first-run wizard: agency, playbook, people. Answers wait in the session; the last step does it all.

Only the machine itself may open it, or whoever holds the set-up link that the start printed.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.people import first_run, setting_up
from steadyhand.web.access import WELCOME, StaffRequest, staff
from steadyhand.web.context import exists
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.agency import FoundingForm
from steadyhand.web.forms.welcome import PLAYBOOKS, PlaybookForm, YouForm, colleagues_form
from steadyhand.web.views.links import BACKEND

ANSWERS = "welcome"
KEY = "welcome_key"
SET_UP = Actor.system("set-up")
STEPS = (("agency", "Your agency", WELCOME), ("playbook", "Playbook", f"{WELCOME}playbook/"))
IMPORTS, DEMO = "/imports/", "/settings/demo/"

type Step = Callable[[HttpRequest], HttpResponse]


def opening(view: Step) -> Step:
    """Only before set-up, and only for those who may."""

    @wraps(view)
    def guarded(request: HttpRequest, /) -> HttpResponse:
        if not first_run.is_needed():
            return redirect("/")
        if "key" in request.GET and setting_up.opens_setup(request.GET["key"]):
            request.session[KEY] = request.GET["key"]
            return redirect(WELCOME)
        if not (is_local(request) or setting_up.opens_setup(request.session.get(KEY, ""))):
            return render(request, "web/welcome/closed.html", status=403)
        return view(request)

    return never_cache(guarded)


def is_local(request: HttpRequest) -> bool:
    """Whether the request comes from this machine, and not through a proxy on it."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META or settings.BEHIND_PROXY:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@require_http_methods(["GET", "POST"])
@opening
def agency(request: HttpRequest) -> HttpResponse:
    """Who you are: name, currency, country, zone, week."""
    form = FoundingForm(request.POST if request.method == "POST" else None, initial=_known_about(request))
    founded = Agency.current()
    if founded is not None:
        form.fields["currency"].disabled = True
        form.initial["currency"] = founded.currency
    if request.method == "POST" and form.is_valid():
        _remember(request, agency=form.cleaned_data)
        return redirect(f"{WELCOME}playbook/")
    return _step(request, "agency", form=form)


@require_http_methods(["GET", "POST"])
@opening
def playbook(request: HttpRequest) -> HttpResponse:
    """Which playbook to begin with."""
    answers = _answers(request)
    if "agency" not in answers:
        return redirect(WELCOME)
    form = PlaybookForm(request.POST if request.method == "POST" else None, initial=answers.get("playbook"))
    if request.method == "POST" and form.is_valid():
        _remember(request, playbook=form.cleaned_data)
        return redirect(f"{WELCOME}people/")
    chosen = form["playbook"].value()
    choices = [(name, title, text, name == chosen) for name, (title, text) in PLAYBOOKS.items()]
    return _step(request, "playbook", form=form, choices=choices)


@require_http_methods(["GET", "POST"])
@opening
def people(request: HttpRequest) -> HttpResponse:
    """You, and the first colleagues; then everything is set up at once and you are in."""
    answers = _answers(request)
    for name, _, url in STEPS:
        if name not in answers:
            return redirect(url)
    posted = request.POST if request.method == "POST" else None
    you, colleagues = YouForm(posted), colleagues_form(posted)
    if request.method == "POST" and you.is_valid() and colleagues.is_valid():
        try:
            user = setting_up.set_up(
                answers["agency"],
                answers["playbook"]["playbook"],
                you.person,
                you.cleaned_data["password"],
                colleagues.people,
                invite="invite" in request.POST,
                by=SET_UP,
            )
        except Refusal as refusal:
            show_refusal(you, refusal)
        else:
            request.session.pop(ANSWERS, None)
            request.session.pop(KEY, None)
            login(request, user, backend=BACKEND)
            return redirect(f"{WELCOME}next/")
    return _step(request, "people", form=you, colleagues=colleagues)


@require_GET
@staff
def next_step(request: StaffRequest) -> HttpResponse:
    """You are in: bring your clients, or look around in the demo first."""
    context = {"imports": IMPORTS if exists(IMPORTS) else "", "demo": DEMO if exists(DEMO) else ""}
    return render(request, "web/welcome/next.html", context)


def _step(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    steps = [*STEPS, ("people", "People", f"{WELCOME}people/")]
    answers = _answers(request)
    shown = [
        {"label": label, "url": url, "current": key == name, "done": key in answers}
        for key, label, url in steps
    ]
    wrong = any(getattr(form, "is_bound", False) for form in context.values())
    template = f"web/welcome/{name}.html"
    return render(request, template, {"steps": shown, **context}, status=422 if wrong else 200)


def _answers(request: HttpRequest) -> Mapping[str, Any]:
    answers: Mapping[str, Any] = request.session.get(ANSWERS, {})
    return answers


def _remember(request: HttpRequest, **answer: Any) -> None:
    request.session[ANSWERS] = {**_answers(request), **answer}


def _known_about(request: HttpRequest) -> dict[str, Any]:
    """What was answered before, else what the agency is, else what the settings say."""
    answers = _answers(request)
    if "agency" in answers:
        return dict(answers["agency"])
    known = Agency.current() or setting_up.usual_agency()
    return {name: getattr(known, name) for name in FoundingForm.base_fields}
