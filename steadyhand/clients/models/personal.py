"""What we know about a contact as a person (S6, B9). For the account team's eyes alone."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Self

from django.db import models

from steadyhand.clients.models.client import Access
from steadyhand.clients.models.contact import Contact
from steadyhand.clients.models.kept import Kept, KeptQuerySet
from steadyhand.core.actor import Actor


class DetailKind(models.TextChoices):
    """What a personal detail is about."""

    BIRTHDAY = "birthday", "Birthday"
    AWAY = "away", "Time away"
    INTEREST = "interest", "Interests"
    FAMILY = "family", "Family"
    SPEAKING = "speaking", "How they like to be spoken to"
    DECIDING = "deciding", "How they decide"
    BAD_NEWS = "bad_news", "How to bring bad news"
    OTHER = "other", "Also good to know"


class PersonalDetailQuerySet(KeptQuerySet["PersonalDetail"]):
    """Personal details, as far as they are one's business."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of clients whose account team the member is on; no role steps over that."""
        if actor.is_system:
            return self
        if actor.member_id is None:
            return self.none()
        accesses = Access.objects.filter(client=models.OuterRef("contact__client"), member=actor.member_id)
        return self.filter(models.Exists(accesses))


class PersonalDetail(Kept):
    """One thing about a person. A birthday has `day` and `month`, a time away `from_on` and `until_on`.

    A correction is a new row that names the one it `corrects`. The words stand here alone and in no
    event, so that they go when the contact goes.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="personal_details")
    kind = models.CharField(max_length=10, choices=DetailKind)
    text = models.CharField(max_length=500, blank=True)
    day = models.PositiveSmallIntegerField(null=True)
    month = models.PositiveSmallIntegerField(null=True)
    year = models.PositiveSmallIntegerField(null=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="corrections")

    objects = PersonalDetailQuerySet.as_manager()

    class Meta:
        ordering = ["contact", "kind", "from_on", "id"]
        indexes = [
            models.Index(fields=["contact"], name="detail_standing", condition=models.Q(until=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=models.Q(kind="birthday", until=None),
                name="one_birthday_a_contact",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(
                        kind="birthday",
                        day__isnull=False,
                        day__range=(1, 31),
                        month__isnull=False,
                        month__range=(1, 12),
                    )
                    | (~models.Q(kind="birthday") & models.Q(day=None, month=None, year=None))
                ),
                name="birthday_has_day_and_month",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(
                        kind="away",
                        from_on__isnull=False,
                        until_on__isnull=False,
                        until_on__gte=models.F("from_on"),
                    )
                    | (~models.Q(kind="away") & models.Q(from_on=None, until_on=None))
                ),
                name="time_away_has_its_days",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["birthday", "away"]) | ~models.Q(text=""),
                name="detail_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of contact {self.contact_id}"

    @property
    def words(self) -> str:
        """The detail as one would say it: “3 December 1984”, “Lisbon, 3 to 10 Dec 2026”, or the text."""
        if self.day and self.month:
            date = f"{self.day} {calendar.month_name[self.month]}" + (f" {self.year}" if self.year else "")
            return f"{date} · {self.text}" if self.text else date
        if self.from_on and self.until_on:
            days = _span(self.from_on, self.until_on)
            return f"{self.text}, {days}" if self.text else days
        return self.text

    def next_birthday(self, on: dt.date) -> dt.date | None:
        """The next birthday from this day on; one of 29 February falls on the 28th in short years."""
        if not self.day or not self.month:
            return None
        this_year = _in_year(on.year, self.month, self.day)
        return this_year if this_year >= on else _in_year(on.year + 1, self.month, self.day)


def _in_year(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _span(first: dt.date, last: dt.date) -> str:
    end = f"{last.day} {last:%b %Y}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {end}"
    if first.year == last.year:
        return f"{first.day} {first:%b} to {end}"
    return f"{first.day} {first:%b %Y} to {end}"
