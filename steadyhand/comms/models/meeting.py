"""A meeting: with a client, or the team's own."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models

from steadyhand.clients.models import Access, Client, Contact
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models.interaction import Interaction
from steadyhand.core.actor import Actor
from steadyhand.core.clock import zone_info
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability

#: How long after its start a meeting nobody has closed still counts as coming.
STILL_ON = dt.timedelta(hours=12)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings, as far as one may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Those with clients one sees, and whichever one attends or leads."""
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        sees = models.Exists(Access.objects.filter(client=models.OuterRef("client"), member=actor.member_id))
        attends = models.Exists(
            Attendee.objects.filter(meeting=models.OuterRef("pk"), member=actor.member_id, removed_at=None)
        )
        return self.filter(models.Q(led_by=actor.member_id) | sees | attends)

    def coming(self, at: dt.datetime) -> Self:
        """Still to be held: neither over nor cancelled. One that is overdue to be closed counts."""
        return self.filter(closed_at=None, cancelled_at=None).filter(
            models.Q(starts_at__gte=at - STILL_ON) | models.Q(began_at__isnull=False)
        )

    def past(self, at: dt.datetime) -> Self:
        """Held, cancelled, or due long enough ago that it must have been."""
        return self.exclude(pk__in=self.coming(at).values("pk"))

    def preloaded(self) -> Self:
        """With everything a row on a page names."""
        return self.select_related("client", "led_by", "commitment")


class Host(models.TextChoices):
    """Who comes to whom, where people meet in person."""

    NOBODY = "", "on a call"
    US = "us", "they come to us"
    THEM = "them", "we go to them"
    ELSEWHERE = "elsewhere", "somewhere else"


class Meeting(models.Model):
    """When, where, about what and who (S9, S20). Client None is the team's own.

    `agenda_key` names the playbook's agenda it began from; `starts_at` is the instant, `zone` the wall
    clock it was agreed on. `uid` and `sequence` are what calendars know it by (RFC 5545).
    """

    client = models.ForeignKey(Client, null=True, on_delete=models.CASCADE, related_name="meetings")
    title = models.CharField(max_length=200)
    agenda_key = models.CharField(max_length=60, blank=True)
    led_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="meetings_led")
    commitment = models.ForeignKey(Commitment, null=True, on_delete=models.SET_NULL, related_name="meetings")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    zone = models.CharField(max_length=60)
    place = models.CharField(max_length=300, blank=True)
    in_person = models.BooleanField(default=False)
    host = models.CharField(max_length=10, choices=Host, default=Host.NOBODY, blank=True)
    uid = models.CharField(max_length=200, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    attendees_agreed_at = models.DateTimeField(null=True)
    invited_at = models.DateTimeField(null=True)
    agenda_sent_at = models.DateTimeField(null=True)
    interaction = models.OneToOneField(
        Interaction, null=True, on_delete=models.SET_NULL, related_name="meeting"
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["client", "starts_at"], name="meeting_of_client")]

    def __str__(self) -> str:
        return self.title

    @property
    def local(self) -> dt.datetime:
        """When it starts, on the clock it was agreed on."""
        return self.starts_at.astimezone(zone_info(self.zone))

    @property
    def ends_at(self) -> dt.datetime:
        """When it should be over."""
        return self.starts_at + dt.timedelta(minutes=self.minutes)

    @property
    def is_open(self) -> bool:
        """Neither closed nor cancelled."""
        return self.closed_at is None and self.cancelled_at is None


class Answer(models.TextChoices):
    """What an invited person said (RFC 5546 PARTSTAT)."""

    NONE = "needs-action", "not answered"
    ACCEPTED = "accepted", "coming"
    TENTATIVE = "tentative", "perhaps"
    DECLINED = "declined", "not coming"


class Attendee(models.Model):
    """Somebody of ours, or of the client's, or a guest by address.

    `invited_sequence` is the last version of the meeting they were sent; `answered_sequence` and
    `answered_stamp` which version, and when, they last answered: an older reply changes nothing (RFC 5546).
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="attendances")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="attendances")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=500, blank=True)
    invited_sequence = models.PositiveIntegerField(null=True)
    answered_sequence = models.PositiveIntegerField(null=True)
    answered_stamp = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="a_member_attends_once"),
            models.UniqueConstraint(fields=["meeting", "contact"], name="a_contact_attends_once"),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """What they are called; the address where nobody knows."""
        who = self.member or self.contact
        return who.name if who is not None else self.name or self.email

    @property
    def address(self) -> str:
        """Where their mail goes; empty where we have none."""
        who = self.member or self.contact
        return who.email if who is not None else self.email

    @property
    def is_ours(self) -> bool:
        """A colleague."""
        return self.member_id is not None


class TimeProposal(models.Model):
    """Another time that an invited person asked for (RFC 5546 COUNTER), until somebody of ours settles it."""

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="proposals")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return f"{self.attendee} asks for {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)
