"""People at a client: adding them, changing them, noting that they left."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from steadyhand.clients import book, portal_access
from steadyhand.clients.models import Client, Contact
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.people.roles import Capability as C
from steadyhand.reporting.reports.readings import reader_of
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.clients import ContactForm
from steadyhand.web.forms.reports import ReadingForm
from steadyhand.web.views.clients import found, permissions, tabs, undo_address
from steadyhand.web.views.knowledge import people_part

MOST = 200


@require_http_methods(["GET", "POST"])
@staff
def index(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/contacts/`: everybody at the client; adding somebody."""
    client = found(request, ref, *([C.EDIT_CLIENTS] if request.method == "POST" else []))
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contact = book.add_contact(client, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            return toast(request, redirect(request.path), f"{contact.name} is a contact of {client.name}.")
    everybody = list(client.contacts.all()[:MOST])
    context = {
        "client": client,
        "form": form,
        "here": [c for c in everybody if c.left_on is None],
        "left": [c for c in everybody if c.left_on is not None],
        "tabs": tabs(client, ""),
        **permissions(request),
    }
    return render(request, "web/clients/contacts.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff
def show(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """`/clients/<ref>/contacts/<pk>/`: change somebody's details."""
    client = found(request, ref, C.EDIT_CLIENTS)
    contact = _contact(client, pk)
    form = ContactForm.of(contact, request.POST or None)
    if request.method == "POST" and form.is_valid():
        batch = uuid4()
        try:
            book.change_contact(contact, by=request.actor, batch=batch, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            undo = undo_address(client, batch) if form.has_changed() else ""
            return toast(request, redirect(_list(client)), f"{contact.name} is kept.", undo=undo)
    context: dict[str, Any] = {"client": client, "contact": contact, "form": form}
    context["reading_form"] = ReadingForm(initial={"reading": reader_of(contact).reading})
    context |= people_part(client, request, only=contact) | {"may_note": request.actor.may(C.KEEP_PROMISES)}
    return render(request, "web/clients/contact.html", context, status=422 if form.errors else 200)


@require_POST
@staff
def departure(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """They left the client, or are back."""
    client = found(request, ref, C.EDIT_CLIENTS)
    contact = _contact(client, pk)
    left_on = clock.today(client.zone) if contact.left_on is None else None
    batch = uuid4()
    book.change_contact(contact, by=request.actor, batch=batch, left_on=left_on)
    said = f"{contact.name} {'has left' if left_on else 'is back at'} {client.name}."
    return toast(request, redirect(_list(client)), said, undo=undo_address(client, batch))


@require_POST
@staff
def invitation(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """They may sign in to the client's pages, and are told so."""
    client = found(request, ref, C.EDIT_CLIENTS)
    contact = portal_access.invite_contact(_contact(client, pk), by=request.actor)
    return toast(request, redirect(_page(contact)), f"{contact.name} is told how to sign in.")


@require_POST
@staff
def access_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """They sign in no more; their sessions and links are shut."""
    client = found(request, ref, C.EDIT_CLIENTS)
    contact = portal_access.end_access(_contact(client, pk), by=request.actor)
    return toast(request, redirect(_page(contact)), f"{contact.name} signs in no more, and links are shut.")


@require_POST
@staff
def looking(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """See the client's pages as this contact sees them, until one is done looking."""
    contact = _contact(found(request, ref), pk)
    portal_access.look_as(contact, by=request.actor)
    request.session[portal_access.LOOKING_AS] = contact.pk
    return redirect(portal_access.PORTAL)


def _contact(client: Client, pk: int) -> Contact:
    contact = client.contacts.filter(pk=pk).first()
    if contact is None:
        raise Http404("There is no such contact.")
    return contact


def _list(client: Client) -> str:
    return f"{client.get_absolute_url()}contacts/"


def _page(contact: Contact) -> str:
    return f"{_list(contact.client)}{contact.pk}/"
