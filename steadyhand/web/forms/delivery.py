"""What is asked about set-ups, deliverables and their timelines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from steadyhand.clients.models import Client, Service
from steadyhand.core.actor import Actor
from steadyhand.delivery.models import ServiceSetup, Timeline
from steadyhand.people.models import Member
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import client_called, client_input, line


class ColleagueField(forms.ModelChoiceField[Member]):
    """A colleague who is here."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Member.objects.none(), **options)


class WithColleagues(forms.Form):
    """A form that names colleagues, and the services of one client."""

    def __init__(
        self, data: Any = None, *, actor: Actor, client: Client | None = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.actor = actor
        for field in self.fields.values():
            if isinstance(field, ColleagueField):
                field.queryset = Member.objects.visible_to(actor).here()
        if "service" in self.fields:
            services = Service.objects.filter(engagement__client=client) if client else Service.objects.none()
            self.fields["service"].queryset = services  # type: ignore[attr-defined]
            if client is None or not services.exists():
                del self.fields["service"]


class SetupForm(WithColleagues):
    """Who delivers a service and when the work begins."""

    manager = ColleagueField(required=False, label="Deliverable manager", empty_label="Nobody yet")
    starts_on = forms.DateField(required=False, label="Work starts on", widget=date_input())
    reason = forms.CharField(
        required=False, max_length=300, label="Why after the first week", help_text="Only if it is."
    )

    @classmethod
    def of(
        cls,
        setup: ServiceSetup,
        actor: Actor,
        data: Any = None,
        colleagues: Iterable[tuple[int, str]] | None = None,
    ) -> SetupForm:
        """The form of one service, as it stands; `colleagues`, read once for many forms, to choose from."""
        initial = {"manager": setup.manager_id, "starts_on": setup.starts_on, "reason": setup.reason}
        form = cls(data, actor=actor, initial=initial, auto_id=f"setup{setup.pk}_%s")
        if colleagues is not None:
            field = form.fields["manager"]
            field.choices = [("", field.empty_label), *colleagues]  # type: ignore[attr-defined]
        return form


class TaskForm(forms.Form):
    """A task as the project tool has it."""

    title = forms.CharField(max_length=200, label="Task")
    due_on = forms.DateField(required=False, label="By", widget=date_input())

    @classmethod
    def of(cls, setup: ServiceSetup, data: Any = None) -> TaskForm:
        """An empty one for this service."""
        return cls(data, auto_id=f"task{setup.pk}_%s")


class ContactForm(forms.Form):
    """A word with the deliverable manager."""

    note = forms.CharField(max_length=300, label="What they told you")

    @classmethod
    def of(cls, setup: ServiceSetup, data: Any = None) -> ContactForm:
        """An empty one for this service."""
        return cls(data, auto_id=f"contact{setup.pk}_%s")


class TimelineForm(WithColleagues):
    """Asking a channel lead when something can be ready, or writing down what they said."""

    title = forms.CharField(
        max_length=200, label="Deliverable", help_text="What the client would hold in hand."
    )
    service = forms.ModelChoiceField(
        Service.objects.none(), required=False, label="For", empty_label="No service in particular"
    )
    asked_of = ColleagueField(label="Who leads the channel", empty_label="Choose a colleague")
    ready_on = forms.DateField(
        required=False,
        label="They said it is ready on",
        widget=date_input(),
        help_text="Leave it empty to ask them: it becomes their promise for the next working day.",
    )
    note = forms.CharField(required=False, max_length=300, label="On what condition")


class AnswerForm(forms.Form):
    """When it can honestly be ready."""

    ready_on = forms.DateField(label="Ready on", widget=date_input())
    note = forms.CharField(required=False, max_length=300, label="On what condition")


class PromiseForm(WithColleagues):
    """What the client is promised, by when, and on whose word."""

    title = forms.CharField(max_length=200, label="Deliverable")
    timeline = forms.ModelChoiceField(
        Timeline.objects.none(), required=False, label="Honest timeline", empty_label="None was given"
    )
    due_on = forms.DateField(label="Promised for", widget=date_input())
    service = forms.ModelChoiceField(
        Service.objects.none(), required=False, label="For", empty_label="No service in particular"
    )
    owner = ColleagueField(required=False, label="Who delivers it", empty_label="Me")
    reason = forms.CharField(
        required=False,
        max_length=300,
        label="Why without a timeline, or earlier",
        help_text="Needed only then. It stays readable.",
    )
    shared = forms.BooleanField(
        required=False,
        label="Show it to the client",
        help_text="On their own pages and in their calendar. Without this it stays internal.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, client: Client, **options: Any) -> None:
        super().__init__(data, actor=actor, client=client, **options)
        given = Timeline.objects.visible_to(actor).given().filter(client=client, deliverables=None)
        field = self.fields["timeline"]
        field.queryset = given.select_related("given_by")  # type: ignore[attr-defined]
        field.label_from_instance = _timeline_words  # type: ignore[attr-defined]


def _timeline_words(timeline: Any) -> str:
    giver = timeline.given_by.name if timeline.given_by else "a channel lead"
    return f"{timeline.title}: {timeline.ready_on:%-d %b %Y}, said {giver}"


class MoveForm(forms.Form):
    """Another date, and what moved it."""

    to_day = forms.DateField(label="To", widget=date_input())
    reason = forms.CharField(max_length=300, label="What moved it", widget=line())


class HandingOverForm(forms.Form):
    """They have it."""

    on = forms.DateField(label="Since", widget=date_input())
    note = forms.CharField(required=False, max_length=300, label="How they got it", widget=line())


class ReasonForm(forms.Form):
    """Why not."""

    reason = forms.CharField(max_length=300, label="Why", widget=line(2, autofocus="autofocus"))


class WhichClientForm(forms.Form):
    """A client, where a page does not know one yet."""

    client = forms.CharField(max_length=200, label="Client", widget=client_input(autofocus="autofocus"))

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        self.actor = actor

    def clean_client(self) -> Client | None:
        """The one live client of this name, or this short name."""
        return client_called(self.cleaned_data["client"], self.actor)
