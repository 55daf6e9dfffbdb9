"""A call from its first minute to its place on the timeline: begun, written in, ended, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.comms.calls import holding as calls
from steadyhand.comms.calls import letter as call_letter
from steadyhand.comms.calls.notes import save_note
from steadyhand.comms.models import Call, CallNote
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.desk import call_page as desk
from steadyhand.desk.call_captures import captured
from steadyhand.growth.models import OpportunityKind
from steadyhand.people.roles import Capability as C
from steadyhand.playbook.models.version import one_version
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.calls import QUICK_DETAILS, BeginForm, ContactForm, EndForm, RecordingForm
from steadyhand.web.sheets import asked

#: The parts of the page that read themselves again, by the id they have on it.
PARTS: dict[str, Callable[[Call, StaffRequest], dict[str, Any]]] = {
    "captured": lambda call, request: {"captured": captured(call, request.actor)},
    "ratings": lambda call, request: {"ratings": desk.ratings(call)},
    "ask": lambda call, request: {"ask": desk.ask(call)},
    "say": lambda call, request: {"say": desk.say(call)},
    "insights": lambda call, request: {"clever": desk.clever(call, request.actor)},
    "know": lambda call, request: {"know": desk.know(call, request.actor)},
}


def found(request: StaffRequest, pk: int) -> Call:
    """The call as far as one may see it, else 404."""
    call = desk.call_of(pk, request.actor)
    if call is None:
        raise Http404("There is no such call, or you are not on that client's account team.")
    return call


@require_POST
@require(C.KEEP_PROMISES)
def begin(request: StaffRequest) -> HttpResponse:
    """`POST /calls/` (`commitment`, or `client` and maybe `contact`): begin a call, or join the open one."""
    form = BeginForm(request.POST, actor=request.actor)
    if not form.is_valid():
        raise Http404("There is no such promise, client or contact, or it is not yours to see.")
    values = form.cleaned_data
    commitment = values["commitment"]
    client = values["client"] or (commitment.client if commitment else None)
    if client is None:
        raise Refusal("Say whom you are calling.", remedy="Start the call from the client’s page.")
    contact = values["contact"] or desk.begins_with(client, commitment)
    call = calls.begin_call(
        client, by=request.actor, member=request.member, contact=contact, commitment=commitment
    )
    return redirect(address(call))


def address(call: Call) -> str:
    """Where the call is."""
    return f"/calls/{call.pk}/"


@require_GET
@staff
@one_version()
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/calls/<id>/`: the call while it is held, and what it left behind once it is over."""
    call = found(request, pk)
    target = request.headers.get("HX-Target", "")
    context: dict[str, Any] = {
        "call": call,
        "url": address(call),
        "may_keep": request.actor.may(C.KEEP_PROMISES),
    }
    if call.is_open and target in PARTS:
        context |= _choices(call, request) | PARTS[target](call, request)
        answer = render(request, f"web/calls/page.html#{target}", context)
    elif call.is_open:
        context |= _choices(call, request) | {"parts": desk.note_parts(call), "now": clock.now()}
        for compose in PARTS.values():
            context |= compose(call, request)
        answer = render(request, "web/calls/page.html", context)
    else:
        form = RecordingForm(initial={"recording": call.recording, "consent": call.recording_consent})
        context |= {"ended": desk.ended_call(call, request.actor), "recording": form}
        answer = render(request, "web/calls/ended.html", context)
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer


def _choices(call: Call, request: StaffRequest) -> dict[str, Any]:
    return {
        "contacts": desk.contacts_of(call.client),
        "colleagues": desk.colleagues(request.actor),
        "detail_kinds": QUICK_DETAILS,
        "opportunity_kinds": OpportunityKind.choices,
    }


@require_http_methods(["GET", "POST"])
@require(C.KEEP_PROMISES)
def notes(request: StaffRequest, pk: int) -> HttpResponse:
    """`/calls/<id>/notes/`: what is written so far (GET, as JSON); POST saves one part, merged with the rest.

    A script asks for JSON; without one the form comes back to the page.
    """
    call = found(request, pk)
    if request.method == "GET":
        return JsonResponse({"parts": {note.part: _as_json(note) for note in call.notes.all()}})
    data = request.POST
    revision = data.get("revision", "")
    note = save_note(
        call,
        data.get("part", ""),
        data.get("text", ""),
        by=request.actor,
        revision=int(revision) if revision.isdecimal() else 0,
        base=data.get("base", ""),
        page=data.get("page", ""),
    )
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(_as_json(note))
    return toast(request, redirect(f"{address(call)}#part-{note.part}"), "Your note is saved.")


def _as_json(note: CallNote) -> dict[str, Any]:
    return {"text": note.text, "revision": note.revision}


@require_POST
@require(C.KEEP_PROMISES)
def contact(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /calls/<id>/contact/`: it is somebody else who picked up."""
    call = found(request, pk)
    form = ContactForm(request.POST, client=call.client)
    if not form.is_valid():
        raise Refusal("That is nobody at this client.", remedy="Choose one of their contacts.")
    calls.speak_to(call, form.cleaned_data["contact"], by=request.actor)
    return redirect(address(call))


@require_http_methods(["GET", "POST"])
@require(C.KEEP_PROMISES)
def ending(request: StaffRequest, pk: int) -> HttpResponse:
    """`/calls/<id>/ending/` asks how long it took and whose the actions are; POST logs and promises."""
    call = found(request, pk)
    if not call.is_open and request.method == "GET":
        return redirect(address(call))
    actions = call.actions.filter(dropped_at=None, commitment=None).select_related("owner").order_by("pk")
    form = EndForm(
        request.POST if request.method == "POST" else None,
        call=call,
        actions=actions if call.is_open else (),
        actor=request.actor,
        minutes=calls.minutes_so_far(call),
    )
    if request.method == "POST" and form.is_valid():
        try:
            _end(request, call, form)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            minutes = form.cleaned_data["minutes"]
            said = f"Call with {call.whom} logged, {minutes} minute{'' if minutes == 1 else 's'}."
            return toast(request, redirect(address(call)), said, undo=f"{address(call)}ending/removal/")
    return asked(request, "web/calls/ending.html", form, call=call, url=f"{address(call)}ending/")


def _end(request: StaffRequest, call: Call, form: EndForm) -> None:
    """End it, then draft the mail: one that cannot be drafted does not keep a call open."""
    values = form.cleaned_data
    calls.end_call(
        call,
        by=request.actor,
        minutes=values["minutes"],
        summary=values["summary"],
        settled=form.settled(),
    )
    if values["follow_up"]:
        call.refresh_from_db()
        try:
            call_letter.draft_follow_up(call, by=request.actor, member=request.member)
        except Refusal as refusal:
            messages.error(request, f"The follow-up could not be drafted: {refusal}")


@require_POST
@require(C.KEEP_PROMISES)
def resumption(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /calls/<id>/ending/removal/`: it was ended by mistake."""
    call = found(request, pk)
    calls.take_back_ending(call, by=request.actor)
    return toast(request, redirect(address(call)), "The call is open again; nothing of its ending stands.")


@require_POST
@require(C.KEEP_PROMISES)
def dropping(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /calls/<id>/dropping/`: it was opened by mistake."""
    call = found(request, pk)
    calls.drop_call(call, by=request.actor)
    said = f"The call with {call.whom} was a mistake and is gone."
    return toast(
        request, redirect(call.client.get_absolute_url()), said, undo=f"{address(call)}dropping/removal/"
    )


@require_POST
@require(C.KEEP_PROMISES)
def undropping(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /calls/<id>/dropping/removal/`: it was no mistake."""
    call = found(request, pk)
    calls.take_back_dropping(call, by=request.actor)
    return redirect(address(call))


@require_POST
@require(C.KEEP_PROMISES)
def follow_up(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /calls/<id>/follow-up/`: the e-mail after the call, drafted, on its own page."""
    draft = call_letter.draft_follow_up(found(request, pk), by=request.actor, member=request.member)
    return redirect(f"/messages/{draft.pk}/")


@require_POST
@require(C.KEEP_PROMISES)
def recording(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /calls/<id>/recording/`: where the recording lies, and who agreed to it; empty takes it away."""
    call = found(request, pk)
    form = RecordingForm(request.POST)
    if not form.is_valid():
        raise Refusal("A recording is a web address.", remedy="Paste it whole, beginning with https://.")
    values = form.cleaned_data
    calls.attach_recording(call, values["recording"], values["consent"], by=request.actor)
    said = "The recording is attached." if values["recording"] else "The recording is taken away."
    return toast(request, redirect(address(call)), said)
