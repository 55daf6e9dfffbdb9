"""The life of a playbook: adopted, drafted, edited, published; and then it stays as it is (MISSION B1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, models, transaction

from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.playbook.comparison import compare
from steadyhand.playbook.documents import Data, Document, data_of, dumps, loads, shipped, shipped_data
from steadyhand.playbook.models import Draft, Playbook, Version
from steadyhand.playbook.policy import Policy

LONGEST_LIST = 50  # differences that an event carries; the versions have them all


@transaction.atomic
def adopt_shipped(name: str, currency: str, *, by: Actor, at: dt.datetime | None = None) -> Version:
    """Publish a shipped playbook in the agency's currency; harmless when it is live already.

    Its figures are kept, not converted: they are the agency's to set.
    """
    policy = shipped(name).policy.having(currency=currency)
    live = Version.live()
    if live is not None and live.digest == policy.digest:
        return live
    return _publish(Document(policy), dumps(policy), by=by, at=at, note=f"{policy.title}, as it ships.")


@transaction.atomic
def start_draft(playbook: Playbook, *, by: Actor) -> Draft:
    """A draft of the next version, from what the latest one says; refuses while another is open."""
    latest = playbook.latest
    if latest is None:
        raise Refusal(f"{playbook} has no version to start from.", remedy="Publish it from a file first.")
    now = clock.now()
    draft, started = Draft.objects.get_or_create(
        playbook=playbook,
        defaults={
            "document": dumps(latest.policy),
            "started_at": now,
            "changed_at": now,
            "author_id": by.member_id,
            "author_name": by.name,
        },
    )
    if not started:
        raise Conflict(
            f"{draft.author_name} has a draft of {playbook} open since {draft.started_at:%-d %B}.",
            remedy="Go on with that draft, or discard it first.",
        )
    events.record("playbook.draft_started", by=by, subject=playbook, version=latest.number)
    return draft


@transaction.atomic
def edit_draft(draft: Draft, document: str, *, revision: int, by: Actor) -> Draft:
    """Replace the draft's text, which must hold as a playbook. `revision` is the one that was edited:
    when somebody has saved since, nothing is written and both texts are still there."""
    policy = loads(document, find_base=find_base).policy
    if policy.name != draft.playbook.name:
        raise Refusal(
            f"This draft is of “{draft.playbook.name}”, and its text now says “{policy.name}”.",
            remedy="Change name back, or publish the text as a playbook of its own.",
            field="name",
        )
    changed = Draft.objects.filter(pk=draft.pk, revision=revision).update(
        document=document,
        revision=revision + 1,
        changed_at=clock.now(),
        author_id=by.member_id,
        author_name=by.name,
    )
    if not changed:
        raise _overtaken(draft)
    events.record("playbook.draft_edited", by=by, subject=draft.playbook, revision=revision + 1)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def discard(draft: Draft, *, by: Actor) -> None:
    """Throw the draft away; the published versions stay."""
    playbook = draft.playbook
    _close(draft)
    events.record("playbook.draft_discarded", by=by, subject=playbook)


@transaction.atomic
def publish(
    draft: Draft,
    *,
    by: Actor,
    revision: int | None = None,
    note: str = "",
    over_newer: bool = False,
    at: dt.datetime | None = None,
) -> Version:
    """Make the draft the live version, and close it.

    Refuses when somebody saved it since `revision` was read, when it changes nothing, and, unless
    `over_newer`, when a version was published after the draft was started: that one would be lost.
    """
    current = Draft.objects.select_related("playbook").filter(pk=draft.pk).first()
    if current is None or revision not in (None, current.revision):
        raise _overtaken(draft)
    latest = current.playbook.latest
    if latest is not None and latest.published_at > current.started_at and not over_newer:
        raise Conflict(
            f"Version {latest.number} was published by {latest.published_by} after this draft was started.",
            remedy="Compare the two first; then publish over it, or discard the draft and start again.",
        )
    _close(current)
    return publish_text(current.document, by=by, note=note, at=at)


@transaction.atomic
def publish_text(document: str, *, by: Actor, note: str = "", at: dt.datetime | None = None) -> Version:
    """Publish a playbook from its text, as the next version of the playbook it names; it becomes live."""
    return _publish(loads(document, find_base=find_base), document, by=by, at=at, note=note)


@transaction.atomic
def forget_versions(ids: Collection[int], *, by: Actor, batch: UUID | None = None) -> int:
    """Remove published versions as if they had never been; refuses when any commitment or plan names one.

    Only for what was never real, the demo agency's: versions are otherwise for ever (MISSION B1). How
    many there were.
    """
    versions = Version.objects.filter(pk__in=ids)
    numbers = sorted(versions.values_list("number", flat=True))
    try:
        # The query set of versions refuses to delete; this is the one way round it.
        _, gone = models.QuerySet.delete(versions)
    except models.ProtectedError as error:
        raise Refusal(
            "Commitments or plans name these versions, so they stay.",
            remedy="Remove the clients they were planned for first.",
        ) from error
    events.record("playbook.versions_forgotten", by=by, batch=batch, versions=numbers)
    return gone.get(Version._meta.label, 0)


def find_base(name: str) -> Data | None:
    """What a playbook may extend: the ones that ship, else the latest version of one of the agency's own."""
    if (data := shipped_data(name)) is not None:
        return data
    playbook = Playbook.objects.filter(name=name).first()
    latest = playbook and playbook.latest
    return data_of(latest.policy) if latest else None


def _publish(document: Document, text: str, *, by: Actor, at: dt.datetime | None, note: str) -> Version:
    policy = document.policy
    _check_currency(policy)
    before = Version.live()
    if before is not None and before.digest == policy.digest:
        raise Refusal(
            f"This says the same as the live playbook ({before}), so there is nothing to publish.",
            remedy="Change something first.",
        )
    playbook, _ = Playbook.objects.update_or_create(name=policy.name, defaults={"title": policy.title})
    latest = playbook.latest
    try:
        with transaction.atomic():
            version = Version.objects.create(
                playbook=playbook,
                number=latest.number + 1 if latest else 1,
                document=text,
                content=policy.model_dump(mode="json"),
                digest=policy.digest,
                published_at=at or clock.now(),
                published_by=by.name,
                note=note,
            )
    except IntegrityError as error:
        raise Conflict(
            f"Somebody published another version of {playbook} at the same moment.",
            remedy="Look at it, then publish again.",
        ) from error
    differences = compare(before.policy, policy) if before else []
    events.record(
        "playbook.published",
        by=by,
        subject=version,
        playbook=playbook.name,
        version=version.number,
        note=note,
        differences=[d.as_json() for d in differences[:LONGEST_LIST]],
        difference_count=len(differences),
    )
    return version


def _close(draft: Draft) -> None:
    closed, _ = Draft.objects.filter(pk=draft.pk).delete()
    if not closed:
        raise _overtaken(draft)


def _check_currency(policy: Policy) -> None:
    agency = Agency.current()
    if agency is not None and agency.currency != policy.currency:
        raise Refusal(
            f"This playbook counts in {policy.currency} and the agency in {agency.currency}, so no client "
            "would land in the right band.",
            remedy=f'Set the amounts for {agency.currency} and write currency = "{agency.currency}".',
            field="currency",
        )


def _overtaken(draft: Draft) -> Conflict:
    current = Draft.objects.filter(pk=draft.pk).first()
    if current is None:
        return Conflict("This draft was published or discarded meanwhile.", remedy="Start a new one.")
    return Conflict(
        f"{current.author_name} saved this draft while you were editing it.",
        remedy="Your text is still here: compare it with theirs, then save again.",
    )
