"""What we learned of clients, as tables of an export. Personal details only of one's own account teams."""

from __future__ import annotations

from steadyhand.clients.models import (
    ClientFile,
    Discovery,
    ExpectationSaid,
    MarketingKnowledge,
    PersonalDetail,
    SectorNote,
    ServiceOffer,
    WorkingNote,
)
from steadyhand.exchange.sheets import Sheet, rows_of

SHEETS_OF_KNOWLEDGE = (
    Sheet(
        "files",
        ("client", "name", "kind", "bytes", "digest", "added"),
        rows_of(
            lambda by: ClientFile.objects.visible_to(by),
            *("client__ref", "name", "media_type", "size", "digest", "added_at"),
        ),
    ),
    Sheet(
        "personal_details",
        (
            *("client", "contact", "e-mail", "kind", "text", "day", "month", "year", "from", "until"),
            *("written by", "at", "ended"),
        ),
        rows_of(
            lambda by: PersonalDetail.objects.visible_to(by),
            *("contact__client__ref", "contact__name", "contact__email", "kind", "text"),
            *("day", "month", "year", "from_on", "until_on", "by_name", "at", "until"),
        ),
    ),
    Sheet(
        "working_notes",
        ("client", "contact", "e-mail", "kind", "text", "why", "on", "written by", "at", "ended"),
        rows_of(
            lambda by: WorkingNote.objects.visible_to(by),
            *("contact__client__ref", "contact__name", "contact__email", "kind", "text", "reason", "on"),
            *("by_name", "at", "until"),
        ),
    ),
    Sheet(
        "marketing_knowledge",
        ("client", "contact", "e-mail", "level", "written by", "at", "ended"),
        rows_of(
            lambda by: MarketingKnowledge.objects.visible_to(by),
            *("contact__client__ref", "contact__name", "contact__email", "level", "by_name", "at", "until"),
        ),
    ),
    Sheet(
        "discovery",
        ("client", "question", "answer", "contact", "written by", "at", "ended"),
        rows_of(
            lambda by: Discovery.objects.visible_to(by),
            *("client__ref", "question_key", "answer", "contact__email", "by_name", "at", "until"),
        ),
    ),
    Sheet(
        "expectations_said",
        ("client", "engagement", "expectation", "said by", "to", "at", "taken back"),
        rows_of(
            lambda by: ExpectationSaid.objects.visible_to(by),
            *("client__ref", "engagement__ref", "expectation_key", "by_name", "contact__email"),
            *("at", "taken_back_at"),
        ),
    ),
    Sheet(
        "sector_notes",
        ("industry", "text", "written by", "at", "ended"),
        rows_of(lambda by: SectorNote.objects.visible_to(by), "industry", "text", "by_name", "at", "until"),
    ),
    Sheet(
        "service_offers",
        ("name", "channel", "what", "brings", "led by", "written by", "at", "ended"),
        rows_of(
            lambda by: ServiceOffer.objects.visible_to(by),
            *("name", "channel", "what", "brings", "led_by", "by_name", "at", "until"),
        ),
    ),
)
