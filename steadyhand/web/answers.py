"""Answers to a button: the act was done and says so, or was refused and says why."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from steadyhand.core.refusals import Refusal
from steadyhand.ui.toasts import toast


def do(request: HttpRequest, back: str, act: Callable[[], object], said: str, undo: str = "") -> HttpResponse:
    """Do an act that needs no form, then go back to a page with a sentence about it; `undo` takes it back."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return toast(request, redirect(back), said, undo=undo)
