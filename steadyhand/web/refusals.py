"""How a refusal reaches the person: its sentence at the field, in a toast, or on a page of its own."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from steadyhand.core.refusals import Conflict, Refusal

REFUSED = 409


def onto(form: forms.BaseForm, refusal: Refusal) -> None:
    """Show it at the form's field it belongs to, or above the form."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal))


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The sentence as a toast where htmx asked, else as a page; nothing was changed."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(str(refusal), status=REFUSED, content_type="text/plain; charset=utf-8")
    back = request.headers.get("Referer", "/")
    context = {"refusal": refusal, "is_conflict": isinstance(refusal, Conflict), "back": back}
    return render(request, "web/refused.html", context, status=REFUSED)
