"""Choosing a colleague: of hundreds as fast as of three."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.safestring import SafeString

from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.ui.components.forms import options
from steadyhand.ui.components.library import element

ROLES = {role.value: role.label.lower() for role in Role}


class PlainSelect(forms.Select):
    """A select that needs no template for each of its options."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return element(
            "select",
            options(self.choices, self.format_value(value)[0] if value is not None else ""),
            attrs=self.build_attrs(self.attrs, {**(attrs or {}), "name": name}),
        )


class Colleagues(ModelChoiceIterator[Member]):
    """Names and roles, without a model for each."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        for pk, name, role in self.queryset.values_list("pk", "name", "role"):
            yield pk, f"{name}, {ROLES.get(role, role)}"


class MemberField(forms.ModelChoiceField[Member]):
    """Somebody who is here."""

    iterator = Colleagues
    widget = PlainSelect

    def __init__(self, **settings: Any) -> None:
        super().__init__(queryset=Member.objects.here().order_by("name"), **settings)
