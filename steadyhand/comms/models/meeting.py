"""A meeting: with a client, or the team's own."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Access, Client, Contact
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models.interaction import Interaction
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings, as far as one may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Those with clients one sees, and the team's own ones one attends or leads."""
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        sees = models.Exists(Access.objects.filter(client=models.OuterRef("client"), member=actor.member_id))
        attends = models.Exists(
            Attendee.objects.filter(meeting=models.OuterRef("pk"), member=actor.member_id)
        )
        return self.filter(sees | models.Q(client=None) & (models.Q(led_by=actor.member_id) | attends))


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
    uid = models.CharField(max_length=200, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    interaction = models.OneToOneField(
        Interaction, null=True, on_delete=models.SET_NULL, related_name="meeting"
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["client", "starts_at"], name="meeting_of_client")]

    def __str__(self) -> str:
        return self.title


class Answer(models.TextChoices):
    """What an invited person said (RFC 5546 PARTSTAT)."""

    NONE = "needs-action", "not answered"
    ACCEPTED = "accepted", "coming"
    TENTATIVE = "tentative", "perhaps"
    DECLINED = "declined", "not coming"


class Attendee(models.Model):
    """Somebody of ours, or of the client's, or a guest by address."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="attendances")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="attendances")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="a_member_attends_once"),
            models.UniqueConstraint(fields=["meeting", "contact"], name="a_contact_attends_once"),
        ]

    def __str__(self) -> str:
        return str(self.member or self.contact or self.name or self.email)
