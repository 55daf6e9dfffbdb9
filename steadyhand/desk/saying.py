"""The playbook's sentences for one client: merge fields filled in with what we know, the rest named."""

from __future__ import annotations

from collections.abc import Sequence

from steadyhand.clients.models import Client
from steadyhand.commitments.models import ClientPlan
from steadyhand.comms.mail.letters import values_for
from steadyhand.core import clock
from steadyhand.desk.call_time import minutes_used
from steadyhand.playbook.merge_fields import MERGE_FIELDS, fields_used, render
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import allowance_minutes


def words_for(client: Client, texts: Sequence[str]) -> list[str]:
    """The texts as one would say them to this client. Asks only for what they borrow.

    What we do not know stands in brackets as what it is: “[call time left this month]”.
    """
    used = {name for text in texts for name in fields_used(text)}
    if not used:
        return list(texts)
    extra = _call_time(client) if any(name.startswith("call_time.") for name in used) else {}
    values = extra if used <= extra.keys() else _values(client, used, extra)
    for name in used:
        values.setdefault(name, _named(name))
    return [render(text, values) for text in texts]


def _named(name: str) -> str:
    words = MERGE_FIELDS[name].description.rstrip(".")
    return f"[{words[:1].lower()}{words[1:]}]"


def _values(client: Client, used: set[str], extra: dict[str, str]) -> dict[str, str]:
    is_to = any(name.startswith("contact.") for name in used)
    contact = client.contacts.filter(left_on=None).first() if is_to else None
    return values_for(client, contact=contact, extra=extra)


def _call_time(client: Client) -> dict[str, str]:
    version = Version.live()
    plan = ClientPlan.objects.filter(client=client).only("monthly_spend").first()
    if version is None or plan is None or not plan.monthly_spend:
        return {}
    allowed = allowance_minutes(version.policy, plan.monthly_spend)
    used = minutes_used([client.pk], clock.today(client.zone), client.zone).get(client.pk, 0)
    return {
        "call_time.allowance": _words(allowed),
        "call_time.used": _words(used),
        "call_time.left": _words(max(allowed - used, 0)),
    }


def _words(minutes: int) -> str:
    """“1 hour 36 minutes”."""
    hours, rest = divmod(minutes, 60)
    counts = ((hours, "hour"), (rest, "minute"))
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in counts if count]
    return " ".join(said) or "0 minutes"
