"""What is asked when a meeting is planned, moved, prepared for and held."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.kinds import OWED, TIMED
from steadyhand.commitments.models import Commitment
from steadyhand.comms.meetings.agenda_items import agendas
from steadyhand.comms.models import Answer, BookingKind, Host, Meeting
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.desk.today import short_day
from steadyhand.people.models import Member
from steadyhand.playbook.content import Audience
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import client_called, client_input, line, time_input

#: More colleagues than this are put on the list on the meeting's own page.
OFFERED = 60


class PromiseField(forms.ModelChoiceField[Commitment]):
    """A meeting or review that is owed and has no meeting yet."""

    def label_from_instance(self, obj: Commitment) -> str:
        return f"{obj.title}, due {short_day(obj.due_on)}"


class PlanForm(forms.Form):
    """A new meeting. Whom one may choose depends on the client, once that is known."""

    client = forms.CharField(
        required=False,
        max_length=200,
        widget=client_input(),
        help_text="Leave it empty for a meeting of our own.",
    )
    title = forms.CharField(
        max_length=200, label="What it is about", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    day = forms.DateField(widget=date_input())
    time = forms.TimeField(widget=time_input())
    minutes = forms.IntegerField(min_value=1, max_value=960, initial=60, label="How long, in minutes")
    commitment = PromiseField(
        Commitment.objects.none(), required=False, label="Keeps a promise?", empty_label="No, it is extra"
    )
    agenda_key = forms.ChoiceField(required=False, label="Agenda")
    led_by = forms.ModelChoiceField(Member.objects.none(), label="Led by", empty_label=None)
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(), required=False, label="Theirs", widget=forms.CheckboxSelectMultiple
    )
    members = forms.ModelMultipleChoiceField(
        Member.objects.none(), required=False, label="Ours", widget=forms.CheckboxSelectMultiple
    )
    in_person = forms.BooleanField(required=False, label="In person")
    host = forms.ChoiceField(
        required=False, label="Who comes to whom", choices=Host.choices, initial=Host.NOBODY
    )
    place = forms.CharField(required=False, max_length=300, label="Where", help_text="An address or a link.")
    prepare = forms.BooleanField(
        required=False,
        label="Plan the preparations",
        help_text="Attendees, agenda, presentation, logistics and minutes, each with its day.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, auto_id="meeting_%s", **options)
        self.actor = actor
        here = Member.objects.visible_to(actor).here()
        self.fields["led_by"].queryset = here  # type: ignore[attr-defined]
        self.fields["led_by"].initial = actor.member_id
        self.about = self._meant(self["client"].value() or "")
        zone = self.about.zone if self.about else Agency.get().zone
        self.fields["time"].help_text = f"On the clock in {zone.rpartition('/')[2].replace('_', ' ')}."
        wanted = Audience.CLIENT if self.about else Audience.INTERNAL
        known = sorted(agendas(), key=lambda agenda: agenda.audience is not wanted)
        agenda = self.fields["agenda_key"]
        agenda.choices = [("", "None yet"), *((one.key, one.title) for one in known)]  # type: ignore[attr-defined]
        if self.about is not None:
            self._offer(self.about)
        else:
            self.fields["members"].queryset = here.filter(pk__in=here[:OFFERED].values("pk"))  # type: ignore[attr-defined]

    def _meant(self, named: str) -> Client | None:
        try:
            return client_called(named, self.actor)
        except forms.ValidationError:
            return None

    def _offer(self, client: Client) -> None:
        team = Member.objects.here().filter(assignments__client=client, assignments__until=None)
        self.fields["members"].queryset = team.distinct()  # type: ignore[attr-defined]
        self.fields["contacts"].queryset = client.contacts.filter(left_on=None)  # type: ignore[attr-defined]
        owed = Commitment.objects.visible_to(self.actor).filter(
            client=client, state__in=OWED, kind__in=TIMED, meetings=None
        )
        self.fields["commitment"].queryset = owed.order_by("due_at", "pk")  # type: ignore[attr-defined]

    def clean_client(self) -> Client | None:
        """The one live client of this name, or this short name; None for our own meetings."""
        return client_called(self.cleaned_data["client"], self.actor)

    @property
    def is_about_client(self) -> bool:
        """Whether a client has been named, so that their people can be offered."""
        return self.about is not None


class MoveForm(forms.Form):
    """Another time."""

    day = forms.DateField(widget=date_input())
    time = forms.TimeField(widget=time_input())
    minutes = forms.IntegerField(min_value=1, max_value=960, label="How long, in minutes")
    reason = forms.CharField(required=False, max_length=300, help_text="Why it moves; it stays here.")

    def __init__(self, data: Any = None, *, meeting: Meeting) -> None:
        local = meeting.local
        initial = {"day": local.date(), "time": local.time(), "minutes": meeting.minutes}
        super().__init__(data, auto_id="move_%s", initial=initial)
        city = meeting.zone.rpartition("/")[2].replace("_", " ")
        self.fields["time"].help_text = f"On the clock in {city}."


class DetailsForm(forms.Form):
    """Title and place."""

    title = forms.CharField(max_length=200, label="What it is about")
    in_person = forms.BooleanField(required=False, label="In person")
    host = forms.ChoiceField(required=False, label="Who comes to whom", choices=Host.choices)
    place = forms.CharField(required=False, max_length=300, label="Where", help_text="An address or a link.")

    def __init__(self, data: Any = None, *, meeting: Meeting) -> None:
        initial = {name: getattr(meeting, name) for name in ("title", "in_person", "host", "place")}
        super().__init__(data, auto_id="details_%s", initial=initial)


class CancelForm(forms.Form):
    """Why it is called off."""

    reason = forms.CharField(widget=line(), help_text="It stays readable here.")


class CloseForm(forms.Form):
    """How long it took, and what it was about in a line."""

    minutes = forms.IntegerField(min_value=0, max_value=960, label="How long it took, in minutes")
    summary = forms.CharField(
        required=False, max_length=300, label="In a line", help_text="For the timeline."
    )


class AttendeeForm(forms.Form):
    """A colleague, a contact or a guest; one of them."""

    member = forms.ModelChoiceField(
        Member.objects.none(), required=False, label="A colleague", empty_label="Nobody"
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="One of theirs", empty_label="Nobody"
    )
    name = forms.CharField(required=False, max_length=200, label="Or a guest")
    email = forms.EmailField(required=False, label="Their e-mail address")

    def __init__(self, data: Any = None, *, meeting: Meeting, actor: Actor) -> None:
        super().__init__(data, auto_id="attendee_%s")
        expected = meeting.attendees.filter(removed_at=None)
        here = Member.objects.visible_to(actor).here()
        self.fields["member"].queryset = here.exclude(attendances__in=expected)  # type: ignore[attr-defined]
        if meeting.client is None:
            del self.fields["contact"]
        else:
            known = meeting.client.contacts.filter(left_on=None).exclude(attendances__in=expected)
            self.fields["contact"].queryset = known  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What somebody told us themselves."""

    answer = forms.ChoiceField(choices=Answer.choices)


class ItemForm(forms.Form):
    """A point of the agenda."""

    title = forms.CharField(max_length=200, label="Point")
    minutes = forms.IntegerField(required=False, min_value=0, max_value=480)
    notes = forms.CharField(
        required=False, widget=line(), label="Notes for us", help_text="The client never sees these."
    )


class DepartmentForm(forms.Form):
    """What a colleague of another department should prepare."""

    what = forms.CharField(max_length=200, label="What they prepare")
    member = forms.ModelChoiceField(Member.objects.none(), label="Who", empty_label="Choose a colleague")
    due_on = forms.DateField(required=False, label="By", widget=date_input())

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data, auto_id="department_%s")
        self.fields["member"].queryset = Member.objects.visible_to(actor).here()  # type: ignore[attr-defined]


class BookingForm(forms.Form):
    """Something to be booked."""

    kind = forms.ChoiceField(choices=[(one.value, one.label.capitalize()) for one in BookingKind])
    note = forms.CharField(required=False, max_length=200)
    book_by = forms.DateField(required=False, label="By", widget=date_input())


class ReferenceForm(forms.Form):
    """The confirmation of a booking."""

    reference = forms.CharField(max_length=200, label="Confirmation")


class ActionForm(forms.Form):
    """What is to be done, by whom and by when."""

    text = forms.CharField(max_length=200, label="Action")
    owner = forms.ModelChoiceField(
        Member.objects.none(), required=False, label="Who", empty_label="Whoever leads"
    )
    due_on = forms.DateField(required=False, label="By", widget=date_input())
    theirs = forms.BooleanField(required=False, label="The client does it")
    internal = forms.BooleanField(required=False, label="Only we see this")

    def __init__(self, data: Any = None, *, meeting: Meeting, actor: Actor) -> None:
        super().__init__(data, auto_id="action_%s")
        self.fields["owner"].queryset = Member.objects.visible_to(actor).here()  # type: ignore[attr-defined]
        if meeting.client is None:
            del self.fields["theirs"]
            del self.fields["internal"]


class DecisionForm(forms.Form):
    """What was decided."""

    text = forms.CharField(max_length=300, label="Decision")


class ReportForm(forms.Form):
    """A report wanted: which, of whom and by when."""

    client = forms.CharField(max_length=200, widget=client_input())
    wanted = forms.CharField(max_length=300, label="Which report")
    asked_of = forms.ModelChoiceField(Member.objects.none(), label="From", empty_label="Choose a colleague")
    due_on = forms.DateField(label="By", widget=date_input())
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), required=False, label="For a meeting", empty_label="None in particular"
    )

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, auto_id="report_%s", **options)
        self.actor = actor
        self.fields["asked_of"].queryset = Member.objects.visible_to(actor).here()  # type: ignore[attr-defined]
        ahead = Meeting.objects.visible_to(actor).coming(clock.now()).filter(client__isnull=False)
        self.fields["meeting"].queryset = ahead  # type: ignore[attr-defined]

    def clean_client(self) -> Client | None:
        """The one live client of this name, or this short name."""
        return client_called(self.cleaned_data["client"], self.actor)


class HandInForm(forms.Form):
    """Where the report is."""

    found_at = forms.CharField(
        max_length=500, label="Where it is", help_text="A link, or the folder it lies in."
    )


class FirstMonthForm(forms.Form):
    """One hour for all the weekly meetings of the first month, and who is invited."""

    time = forms.TimeField(widget=time_input())
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(), label="Who is invited", widget=forms.CheckboxSelectMultiple
    )
    place = forms.CharField(required=False, max_length=300, label="Where", help_text="An address or a link.")

    def __init__(self, data: Any = None, *, client: Client) -> None:
        super().__init__(data, auto_id="first_%s")
        known = client.contacts.filter(left_on=None).exclude(email="")
        self.fields["contacts"].queryset = known  # type: ignore[attr-defined]
        city = client.zone.rpartition("/")[2].replace("_", " ")
        self.fields["time"].help_text = f"On the clock in {city}."
