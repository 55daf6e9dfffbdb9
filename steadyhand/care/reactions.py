"""What this room does when it hears of something below."""

from __future__ import annotations

from steadyhand.care.models import Feedback, Flag, Rating, RatingSkip
from steadyhand.core.events import react
from steadyhand.core.models import Event


@react("client.merged")
def clients_merged(event: Event) -> None:
    """What the husk had is the kept client's; where both were rated in a month, the kept one's stands."""
    husk, kept = event.data["husk_id"], event.client_id
    assert kept is not None  # noqa: S101
    Flag.objects.filter(client_id=husk).update(client_id=kept)
    Feedback.objects.filter(client_id=husk).update(client_id=kept)
    for rating in Rating.objects.filter(client_id=husk):
        if not Rating.objects.filter(client_id=kept, month=rating.month, question=rating.question).exists():
            Rating.objects.filter(pk=rating.pk).update(client_id=kept)
    for skip in RatingSkip.objects.filter(client_id=husk):
        if not RatingSkip.objects.filter(client_id=kept, month=skip.month).exists():
            RatingSkip.objects.filter(pk=skip.pk).update(client_id=kept)
