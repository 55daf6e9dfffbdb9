"""People at the client."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models.client import Client
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.people.models import User


class Contact(models.Model):
    """Somebody at a client. `user` is set only once they sign in to the client's pages."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contacts")
    user = models.OneToOneField(User, null=True, on_delete=models.SET_NULL, related_name="contact")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    job_title = models.CharField(max_length=200, blank=True)
    day_to_day = models.BooleanField(default=False)
    decides = models.BooleanField(default=False)
    notes = models.TextField(blank=True)
    made_at = models.DateTimeField()
    left_on = models.DateField(null=True, blank=True)

    objects = SeenWithClient.as_manager()

    class Meta:
        ordering = ["-day_to_day", "name", "id"]
        indexes = [models.Index(fields=["email"], name="contact_by_email")]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "email"], condition=~models.Q(email=""), name="one_contact_an_address"
            )
        ]

    def __str__(self) -> str:
        return self.name
