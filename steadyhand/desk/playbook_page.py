"""What stands above every page of the playbook: the live version, the drafts, how far the planner is."""

from __future__ import annotations

from dataclasses import dataclass, field

from steadyhand.clients.models import Stage
from steadyhand.commitments.models import ClientPlan
from steadyhand.core.actor import Actor
from steadyhand.playbook.comparison import Difference, compare
from steadyhand.playbook.documents import SHIPPED, shipped
from steadyhand.playbook.models import Draft, Playbook, Version


@dataclass(frozen=True, slots=True)
class Standing:
    """The live version, and the drafts the reader may see, latest first."""

    live: Version | None
    drafts: list[Draft] = field(default_factory=list)

    @property
    def draft(self) -> Draft | None:
        """The draft that was changed last."""
        return self.drafts[0] if self.drafts else None

    @property
    def may_start(self) -> bool:
        """Whether the live playbook has no draft that this reader sees."""
        return self.live is not None and all(
            draft.playbook_id != self.live.playbook_id for draft in self.drafts
        )


def standing(actor: Actor) -> Standing:
    """Two queries, however many versions there are."""
    drafts = Draft.objects.visible_to(actor).select_related("playbook").defer("document")
    return Standing(Version.live(), list(drafts.order_by("-changed_at")))


@dataclass(frozen=True, slots=True)
class Catching:
    """How far the planner is with the live version."""

    done: int
    total: int

    @property
    def behind(self) -> int:
        """Clients still to be planned."""
        return self.total - self.done


def catching_up(live: Version | None) -> Catching:
    """How many clients are planned by the live version."""
    plans = ClientPlan.objects.filter(client__stage=Stage.LIVE)
    if live is None:
        return Catching(0, 0)
    return Catching(plans.filter(version=live).count(), plans.count())


@dataclass(frozen=True, slots=True)
class Listed:
    """A version in the list, and whether it is the one in force."""

    version: Version
    is_live: bool


def versions(actor: Actor) -> list[Listed]:
    """Every published version, latest first."""
    rows = Version.objects.visible_to(actor).select_related("playbook").defer("document", "content")
    return [Listed(row, number == 0) for number, row in enumerate(rows.order_by("-pk"))]


def changed_from_before(version: Version) -> tuple[Version | None, list[Difference]]:
    """The version that was live before this one, and what this one changed."""
    earlier = Version.objects.select_related("playbook").defer("document", "content")
    before = earlier.filter(pk__lt=version.pk).order_by("-pk").first()
    return before, compare(before.policy, version.policy) if before else []


def by_chapter(differences: list[Difference]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Differences grouped by the part of the playbook they are in: (subject, before, after) each."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for difference in differences:
        head, _, rest = difference.label.partition(" › ")
        if head == "Content":
            head, _, rest = rest.partition(" › ")
            head = head.capitalize()
        groups.setdefault(head, []).append((_upper(rest) or head, difference.before, difference.after))
    return list(groups.items())


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Offer:
    """A playbook that ships, and how it stands with the agency."""

    name: str
    title: str
    about: str
    is_live: bool
    is_unchanged: bool
    has_draft: bool


def offers(now: Standing) -> list[Offer]:
    """The playbooks that ship."""
    live = now.live.playbook.name if now.live else ""
    drafted = set(Playbook.objects.exclude(draft=None).values_list("name", flat=True))
    return [
        Offer(
            name,
            policy.title,
            policy.about,
            is_live=name == live,
            is_unchanged=now.live is not None
            and now.live.digest == policy.having(currency=now.live.policy.currency).digest,
            has_draft=name in drafted,
        )
        for name in SHIPPED
        for policy in (shipped(name).policy,)
    ]
