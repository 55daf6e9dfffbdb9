"""The strategy of a client: written, shown for a first view, signed off, tested, presented inside (S19)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.delivery.models import (
    Showing,
    SignOff,
    Strategy,
    StrategyComment,
    StrategyTest,
    StrategyVersion,
)
from steadyhand.delivery.rights import in_working_days, lead_of, refuse_strangers
from steadyhand.people.models import Member, MemberState
from steadyhand.playbook.models import Version as PlaybookVersion

#: What promises about a strategy are about: reviewing, presenting, answering, the client's sign-off.
ABOUT = "delivery.strategy"
#: Working days: to present it inside, to answer a comment, and for a sign-off where no playbook says.
PRESENTED_WITHIN, ANSWERED_WITHIN, SIGNED_WITHIN = 5, 1, 5
LONGEST, LONGEST_COMMENT = 60_000, 5_000


@transaction.atomic
def write_strategy(
    client: Client,
    text: str,
    *,
    by: Actor,
    business: str = "",
    owner: Member | None = None,
    seen: dt.datetime | None = None,
) -> StrategyVersion:
    """Keep what is written: in the version nobody outside has seen, else as the next one.

    `business` is the client's wider strategy and priorities. Conflict where somebody saved it after `seen`.
    A new version is to be presented to the whole agency: the account lead promises it.
    """
    refuse_strangers(client.pk, by)
    text = text.replace("\r\n", "\n").strip()
    business = business.replace("\r\n", "\n").strip()
    if not text:
        raise Refusal("Write the strategy.", remedy="Where they stand, where to, and how.", field="text")
    if max(len(text), len(business)) > LONGEST:
        raise Refusal(f"That is longer than {LONGEST:,} characters.", remedy="Sum it up.", field="text")
    strategy, _ = Strategy.objects.select_for_update(of=("self",)).get_or_create(
        client=client, defaults={"made_at": clock.now(), "owner": owner or lead_of(client)}
    )
    if owner is not None and strategy.owner_id != owner.pk:
        strategy.owner = owner
        strategy.save(update_fields=["owner"])
    latest = strategy.versions.select_for_update().first()
    if latest is not None and seen is not None and latest.changed_at > seen:
        raise Conflict(
            f"{latest.made_by} saved the strategy while you wrote.",
            remedy="Yours is below. Look at theirs, then save again.",
        )
    if latest is not None and (latest.text, latest.business) == (text, business):
        return latest
    if latest is not None and not latest.is_shared:
        return _rewritten(latest, text, business, by)
    return _next_version(strategy, latest.number + 1 if latest else 1, text, business, by)


@transaction.atomic
def show_version(version: StrategyVersion, showing: Showing, *, by: Actor) -> StrategyVersion:
    """Show it to the client: for their input, or for their sign-off. Its words stand still from now on.

    A final version is waited for, as long as the playbook gives the client to sign off.
    """
    row = _locked(version, by)
    client = row.strategy.client
    if row.strategy.versions.filter(number__gt=row.number).exists():
        raise Refusal("There is a newer version.", remedy="Show that one.")
    if row.showing == Showing.FINAL or row.showing == showing:
        raise Refusal(f"They have been shown it as {row.get_showing_display()}.")
    batch = uuid4()
    row.showing, row.shared_at = Showing(showing), clock.now()
    row.save(update_fields=["showing", "shared_at"])
    if row.showing == Showing.FINAL and not _waiting(row.strategy).exists():
        promised = _promise(
            row.strategy,
            f"Strategy signed off by {client.name}",
            row.strategy.owner or lead_of(client),
            in_working_days(client, _sign_off_days()),
            by,
            batch,
            internal=False,
        )
        keeping.wait_on_client(promised, by=Actor.system("strategy"), note="For their sign-off", batch=batch)
    _record("strategy.shown", row, by=by, batch=batch, showing=str(showing))
    return row


@transaction.atomic
def comment_on_version(version: StrategyVersion, text: str, *, by: Actor) -> StrategyComment:
    """What somebody at the client says to it; answering them is promised for the next working day."""
    row, contact = _theirs(version, by)
    text = text.strip()
    if not text:
        raise Refusal("Write what you think.", remedy="One sentence is enough.", field="text")
    if len(text) > LONGEST_COMMENT:
        raise Refusal(
            f"That is longer than {LONGEST_COMMENT:,} characters.",
            remedy="Send it in two parts.",
            field="text",
        )
    batch = uuid4()
    made = StrategyComment.objects.create(
        version=row, contact=contact, name=contact.name, text=text, at=clock.now()
    )
    client = row.strategy.client
    owner = row.strategy.owner or lead_of(client)
    _promise(
        row.strategy,
        f"Answer {contact.name} about the strategy",
        owner,
        in_working_days(client, ANSWERED_WITHIN),
        Actor.system("strategy"),
        batch,
    )
    _record("strategy.commented", row, by=by, batch=batch, text=text[:300], contact=contact.name)
    return made


@transaction.atomic
def sign_off(version: StrategyVersion, *, by: Actor) -> SignOff:
    """Somebody at the client agrees to this final version. Once; the wait for it is over."""
    row, contact = _theirs(version, by)
    if row.showing != Showing.FINAL:
        raise Refusal("This is a first view.", remedy="Tell us what you think; the final version follows.")
    signed = SignOff.objects.filter(version=row).first()
    if signed is not None:
        raise Refusal(f"{signed.name} signed it off on {signed.at:%-d %B %Y}.")
    batch, as_system = uuid4(), Actor.system("strategy")
    made = SignOff.objects.create(version=row, contact=contact, name=contact.name, at=clock.now())
    for promised in _waiting(row.strategy):
        keeping.complete(promised, by=as_system, note=f"By {contact.name}", batch=batch)
    _record("strategy.signed_off", row, by=by, batch=batch, contact=contact.name)
    return made


@transaction.atomic
def set_review(strategy: Strategy, on: dt.date, *, by: Actor) -> Strategy:
    """When it is looked at next: its owner's promise, moved where one stands."""
    refuse_strangers(strategy.client_id, by)
    row = _strategy(strategy)
    batch = uuid4()
    _plan_review(row, on, by, batch)
    _record_of(row, "strategy.review_set", by=by, batch=batch, on=on)
    return row


@transaction.atomic
def test_strategy(
    strategy: Strategy,
    still_right: bool,
    *,
    by: Actor,
    note: str = "",
    next_on: dt.date | None = None,
) -> StrategyTest:
    """Held against what has happened: still right, or to be changed. Keeps the promised review."""
    refuse_strangers(strategy.client_id, by)
    row = _strategy(strategy)
    if not still_right and not note.strip():
        raise Refusal("Say what is to be changed.", remedy="One sentence for its owner.", field="note")
    batch = uuid4()
    made = StrategyTest.objects.create(
        strategy=row, at=clock.now(), by_name=by.name, still_right=still_right, note=note.strip()[:500]
    )
    if row.review is not None and row.review.state in OWED:
        keeping.complete(row.review, by=Actor.system("strategy"), note=made.note, batch=batch)
    row.review, row.review_on = None, None
    row.save(update_fields=["review", "review_on"])
    if next_on is not None:
        _plan_review(row, next_on, by, batch)
    _record_of(row, "strategy.tested", by=by, batch=batch, still_right=still_right, note=made.note)
    return made


@transaction.atomic
def present_strategy(version: StrategyVersion, *, by: Actor) -> StrategyVersion:
    """The whole agency has heard it; the promise to present it is kept."""
    row = _locked(version, by)
    if row.presented_at is not None:
        raise Refusal("It has been presented already.")
    batch, strategy = uuid4(), row.strategy
    row.presented_at = clock.now()
    row.save(update_fields=["presented_at"])
    if strategy.presenting is not None and strategy.presenting.state in OWED:
        keeping.complete(strategy.presenting, by=Actor.system("strategy"), note=by.name, batch=batch)
    _record("strategy.presented", row, by=by, batch=batch)
    return row


def join_versions(husk: Strategy, kept: Strategy) -> None:
    """Two records are one client: the husk's versions come before the kept one's, with all that was said."""
    earlier = husk.versions.count()
    for version in kept.versions.order_by("-number"):
        StrategyVersion.objects.filter(pk=version.pk).update(number=version.number + earlier)
    for number, version in enumerate(husk.versions.order_by("number"), start=1):
        StrategyVersion.objects.filter(pk=version.pk).update(strategy=kept, number=number)
    StrategyTest.objects.filter(strategy=husk).update(strategy=kept)
    Commitment.objects.filter(about_type=ABOUT, about_id=husk.pk).update(about_id=kept.pk)
    Strategy.objects.filter(pk=husk.pk).delete()


def _next_version(strategy: Strategy, number: int, text: str, business: str, by: Actor) -> StrategyVersion:
    now, batch = clock.now(), uuid4()
    made = StrategyVersion.objects.create(
        strategy=strategy,
        number=number,
        text=text,
        business=business,
        made_by=by.name,
        made_at=now,
        changed_at=now,
    )
    presenting = strategy.presenting
    if presenting is None or presenting.state not in OWED:
        client = strategy.client
        strategy.presenting = _promise(
            strategy,
            f"Present the strategy for {client.name} to everybody",
            lead_of(client) or strategy.owner,
            in_working_days(client, PRESENTED_WITHIN),
            by,
            batch,
        )
        strategy.save(update_fields=["presenting"])
    _record("strategy.written", made, by=by, batch=batch)
    return made


def _rewritten(version: StrategyVersion, text: str, business: str, by: Actor) -> StrategyVersion:
    version.text, version.business = text, business
    version.made_by, version.changed_at = by.name, clock.now()
    version.save(update_fields=["text", "business", "made_by", "changed_at"])
    _record("strategy.rewritten", version, by=by, batch=uuid4())
    return version


def _plan_review(row: Strategy, on: dt.date, by: Actor, batch: UUID) -> None:
    if on < clock.today(row.client.zone):
        raise Refusal(f"{on:%-d %B %Y} is over.", remedy="Choose a day to come.", field="on")
    if row.review is not None and row.review.state in OWED:
        if row.review.due_on != on:
            keeping.move(row.review, on, by=Actor.system("strategy"), reason=f"Set by {by.name}", batch=batch)
    else:
        title = f"Look at the strategy for {row.client.name} again"
        row.review = _promise(row, title, row.owner or lead_of(row.client), on, by, batch)
    row.review_on = on
    row.save(update_fields=["review", "review_on"])


def _promise(
    strategy: Strategy,
    title: str,
    owner: Member | None,
    due_on: dt.date,
    by: Actor,
    batch: UUID,
    *,
    internal: bool = True,
) -> Commitment:
    here = owner if owner is not None and owner.state != MemberState.LEFT else None
    return keeping.promise(
        strategy.client,
        title[:200],
        by=by,
        owner=here,
        due_on=due_on,
        kind=Kind.FOLLOW_UP,
        internal=internal,
        about=(ABOUT, strategy.pk),
        batch=batch,
    )


def _waiting(strategy: Strategy) -> Any:
    """The promise that waits for the client's sign-off."""
    owed = Commitment.objects.filter(about_type=ABOUT, about_id=strategy.pk, state__in=OWED)
    return owed.filter(waiting_since__isnull=False)


def _sign_off_days() -> int:
    version = PlaybookVersion.live()
    return version.policy.service_levels.sign_off_working_days if version else SIGNED_WITHIN


def _strategy(strategy: Strategy) -> Strategy:
    rows = Strategy.objects.select_for_update(of=("self",))
    return rows.select_related("client", "owner", "review", "presenting").get(pk=strategy.pk)


def _locked(version: StrategyVersion, by: Actor) -> StrategyVersion:
    row = _version(version)
    refuse_strangers(row.strategy.client_id, by)
    return row


def _version(version: StrategyVersion) -> StrategyVersion:
    rows = StrategyVersion.objects.select_for_update(of=("self",))
    related = ("strategy__client", "strategy__owner", "strategy__presenting")
    return rows.select_related(*related).get(pk=version.pk)


def _theirs(version: StrategyVersion, by: Actor) -> tuple[StrategyVersion, Contact]:
    """The version with the contact who acts on it: of the same client, still there, and shown it."""
    row = _version(version)
    contact = Contact.objects.filter(pk=by.id or 0, client=row.strategy.client_id, left_on=None).first()
    if by.kind is not ActorKind.CONTACT or contact is None or not row.is_shared:
        raise NotYours("Only somebody at the client it was shown to answers it.")
    newer = row.strategy.versions.filter(number__gt=row.number, shared_at__isnull=False).first()
    if newer is not None:
        raise Refusal(
            f"Version {newer.number} has taken the place of what you read.",
            remedy="Read that one; your words are kept below.",
        )
    return row, contact


def _record(verb: str, row: StrategyVersion, *, by: Actor, batch: UUID, **data: Any) -> None:
    _record_of(row.strategy, verb, by=by, batch=batch, number=row.number, **data)


def _record_of(row: Strategy, verb: str, *, by: Actor, batch: UUID, **data: Any) -> None:
    events.record(verb, by=by, client_id=row.client_id, subject=row, batch=batch, **data)
