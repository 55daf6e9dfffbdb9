"""How the agency writes to clients: the delay, its own domains, whether newcomers are reviewed."""

from __future__ import annotations

import re

from django.db import transaction

from steadyhand.comms.models import MailRules
from steadyhand.core import events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.roles import Capability

DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")
LONGEST_DELAY = 3600  # seconds


@transaction.atomic
def change_rules(*, by: Actor, delay_seconds: int, own_domains: str, review_newcomers: bool) -> MailRules:
    """Lay down all of them. `delay_seconds` 0 to 3600; `own_domains` separated by spaces or commas."""
    if not by.may(Capability.MANAGE_SETTINGS):
        raise Refusal(
            "Your role does not change the agency's settings.", remedy="Ask whoever looks after them."
        )
    if not 0 <= delay_seconds <= LONGEST_DELAY:
        raise Refusal(
            "The delay is between 0 seconds and an hour.",
            remedy="60 seconds suit most.",
            field="delay_seconds",
        )
    domains = sorted({domain.strip("@") for domain in re.split(r"[\s,;]+", own_domains.lower()) if domain})
    for domain in domains:
        if not DOMAIN.fullmatch(domain):
            raise Refusal(
                f"“{domain}” is no domain.", remedy="Write it as agency.example.", field="own_domains"
            )
    rules, _ = MailRules.objects.update_or_create(
        pk=1,
        defaults={
            "delay_seconds": delay_seconds,
            "own_domains": " ".join(domains)[:1000],
            "review_newcomers": review_newcomers,
        },
    )
    events.record(
        "message.rules_changed",
        by=by,
        subject=rules,
        delay_seconds=delay_seconds,
        own_domains=domains,
        review_newcomers=review_newcomers,
    )
    return rules
