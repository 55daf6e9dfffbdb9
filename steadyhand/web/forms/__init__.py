"""Forms: the shape of what is typed. Decisions are the verbs'; their refusals are shown at the field."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import BaseForm

from steadyhand.core.refusals import Refusal


def carried_out(form: BaseForm, act: Callable[..., object]) -> bool:
    """Do the act with what the form holds; False when the form or the act's refusal says why not."""
    if not form.is_valid():
        return False
    try:
        act(**form.cleaned_data)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return False
    return True


def show_refusal(form: BaseForm, refusal: Refusal) -> None:
    """Put a refusal at the field it belongs to, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
