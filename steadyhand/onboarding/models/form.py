"""A form that was sent to a client, and who fills in which part of it (O1, O2)."""

from __future__ import annotations

from functools import cached_property
from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.core.actor import Actor
from steadyhand.people.roles import Capability
from steadyhand.playbook.form_questions import Form, Readers
from steadyhand.playbook.models import Version


class FormState(models.TextChoices):
    """How far a form is."""

    SENT = "sent", "sent"
    BEGUN = "begun", "begun"
    RETURNED = "returned", "returned"
    TAKEN_OVER = "taken_over", "taken over"
    WITHDRAWN = "withdrawn", "withdrawn"


#: States in which the client may write.
WRITABLE = (FormState.SENT, FormState.BEGUN)


class SentFormQuerySet(SeenWithClient["SentForm"]):
    """Forms, in the words of the account team. That a form is out is no secret; its answers may be."""

    def shared_with(self, contact: Contact) -> Self:
        """Those sent to a contact, or of which a section was handed to them."""
        handed = HandedSection.objects.filter(form=models.OuterRef("pk"), contact=contact.pk)
        rows = self.filter(client=contact.client_id).exclude(state=FormState.WITHDRAWN)
        return rows.filter(models.Q(contact=contact.pk) | models.Exists(handed))

    def waiting(self) -> Self:
        """Those the client still has."""
        return self.filter(state__in=WRITABLE)

    def readable_by(self, actor: Actor) -> Self:
        """Those whose answers the actor may read, of clients they see: finance's for finance alone (O2)."""
        rows = self.visible_to(actor)
        return rows if actor.may(Capability.SEE_FINANCE) else rows.exclude(readers=Readers.FINANCE)

    def preloaded(self) -> Self:
        """With all that a page names; the questions come with the version (`policy`, read once a process)."""
        related = self.select_related("client", "contact", "version", "commitment", "returned_by")
        return related.defer("version__document", "version__content")


class SentForm(models.Model):
    """A form of the playbook at a client. It keeps the version it was sent with until it is renewed.

    `contact` is whom it was sent to; `returned_by` whoever sent it back. `commitment` is the promise to have
    it back, which waits on the client.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="forms")
    form_key = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    readers = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Readers])
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="forms")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="forms")
    state = models.CharField(max_length=10, choices=FormState, default=FormState.SENT)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=200)
    begun_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="forms_returned"
    )
    returned_by_name = models.CharField(max_length=200, blank=True)
    taken_over_at = models.DateTimeField(null=True)
    taken_over_by = models.CharField(max_length=200, blank=True)
    commitment = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="sent_form"
    )

    #: The path of a link that was just made; told once and kept nowhere.
    link_path: str = ""

    objects = SentFormQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "form_key"],
                condition=models.Q(state__in=["sent", "begun", "returned"]),
                name="one_open_form_of_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["sent", "begun", "withdrawn"])
                | models.Q(returned_at__isnull=False),
                name="returned_form_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state="taken_over", taken_over_at__isnull=False)
                | (~models.Q(state="taken_over") & models.Q(taken_over_at=None)),
                name="taken_over_form_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page for the account team."""
        return f"/forms/{self.pk}/"

    @cached_property
    def form(self) -> Form:
        """Its questions, in the version it was sent with."""
        return next(form for form in self.version.policy.content.forms if form.key == self.form_key)

    @property
    def is_open(self) -> bool:
        """Whether the client may write in it."""
        return self.state in WRITABLE

    @property
    def is_finance(self) -> bool:
        """Whether its answers are finance's alone."""
        return self.readers == Readers.FINANCE

    def is_readable_by(self, actor: Actor) -> bool:
        """Whether somebody who sees the client may read the answers."""
        return not self.is_finance or actor.may(Capability.SEE_FINANCE)


class HandedSection(models.Model):
    """A section that was handed to a colleague at the client; it alone is open to them."""

    form = models.ForeignKey(SentForm, on_delete=models.CASCADE, related_name="handed")
    section_key = models.CharField(max_length=60)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="sections")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "section_key", "contact"], name="one_handing_a_section_and_contact"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section_key} to {self.contact_id}"
