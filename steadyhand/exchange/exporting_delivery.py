"""What we deliver, as tables of an export: set-up, deliverables, words, introductions, strategies."""

from __future__ import annotations

from steadyhand.delivery.models import (
    ChannelLead,
    Deliverable,
    DeliverableMove,
    Introduction,
    Partner,
    ServiceSetup,
    SetupContact,
    SignOff,
    Strategy,
    StrategyComment,
    StrategyTest,
    StrategyVersion,
    Task,
    Term,
    Timeline,
)
from steadyhand.exchange.sheets import Sheet, rows_of

SHEETS_OF_DELIVERY = (
    Sheet(
        "set_ups",
        ("client", "engagement", "service", "manager", "starts on", "reason", "confirmed", "confirmed by"),
        rows_of(
            lambda by: ServiceSetup.objects.visible_to(by),
            *("client__ref", "service__engagement__ref", "service__name", "manager__email", "starts_on"),
            *("reason", "confirmed_at", "confirmed_by"),
        ),
    ),
    Sheet(
        "set_up_contacts",
        ("client", "service", "with", "at", "by", "note", "chased"),
        rows_of(
            lambda by: SetupContact.objects.filter(setup__in=ServiceSetup.objects.visible_to(by)),
            *("setup__client__ref", "setup__service__name", "manager__email", "at", "by_name", "note"),
            "chased",
        ),
    ),
    Sheet(
        "tasks",
        ("client", "service", "title", "owner", "due on", "made", "done"),
        rows_of(
            lambda by: Task.objects.visible_to(by),
            *("client__ref", "service__name", "title", "owner__email", "due_on", "made_at", "done_at"),
        ),
    ),
    Sheet(
        "timelines",
        (
            "client",
            "service",
            "title",
            "asked of",
            "asked by",
            "made",
            "ready on",
            "given by",
            "given",
            "note",
            "dropped",
        ),
        rows_of(
            lambda by: Timeline.objects.visible_to(by),
            *("client__ref", "service__name", "title", "asked_of__email", "asked_by", "made_at"),
            *("ready_on", "given_by__email", "given_at", "note", "dropped_at"),
        ),
    ),
    Sheet(
        "deliverables",
        (
            *("number", "client", "service", "title", "first due on", "due on", "timeline", "reason"),
            *("promised by", "promised", "delivered on", "note", "shared", "dropped", "why dropped"),
        ),
        rows_of(
            lambda by: Deliverable.objects.visible_to(by),
            *("pk", "client__ref", "service__name", "title", "first_due_on", "due_on", "timeline__ready_on"),
            *("reason", "promised_by_name", "promised_at", "delivered_on", "delivered_note", "shared_at"),
            *("dropped_at", "drop_reason"),
        ),
    ),
    Sheet(
        "deliverable_moves",
        ("deliverable", "from", "to", "reason", "by", "at"),
        rows_of(
            lambda by: DeliverableMove.objects.filter(deliverable__in=Deliverable.objects.visible_to(by)),
            *("deliverable", "from_day", "to_day", "reason", "by_name", "at"),
        ),
    ),
    Sheet(
        "glossary",
        (
            "word",
            "channel",
            "heard by",
            "heard",
            "asked of",
            "explanation",
            "explained by",
            "explained",
            "dropped",
        ),
        rows_of(
            lambda by: Term.objects.visible_to(by),
            *("word", "channel", "heard_by__email", "heard_at", "asked_of__email", "explanation"),
            *("explained_by", "explained_at", "dropped_at"),
        ),
    ),
    Sheet(
        "channel_leads",
        ("channel", "led by"),
        rows_of(lambda by: ChannelLead.objects.all(), "channel", "member__email"),
    ),
    Sheet(
        "network",
        ("name", "trade", "ask for", "e-mail", "phone", "note", "retired"),
        rows_of(
            lambda by: Partner.objects.visible_to(by),
            *("name", "trade", "contact_name", "email", "phone", "note", "retired_at"),
        ),
    ),
    Sheet(
        "introductions",
        (
            *("client", "contact", "need", "partner", "owner", "noted", "introduced"),
            *("outcome", "note", "settled", "dropped", "why dropped"),
        ),
        rows_of(
            lambda by: Introduction.objects.visible_to(by),
            *("client__ref", "contact__email", "need", "partner__name", "owner__email", "noted_at"),
            *("introduced_at", "outcome", "outcome_note", "settled_at", "dropped_at", "drop_reason"),
        ),
    ),
    Sheet(
        "strategies",
        ("client", "owner", "made", "review on"),
        rows_of(
            lambda by: Strategy.objects.visible_to(by), "client__ref", "owner__email", "made_at", "review_on"
        ),
    ),
    Sheet(
        "strategy_versions",
        (
            *("client", "number", "text", "business", "made by", "made", "changed"),
            *("shown as", "shown", "presented", "signed off by"),
        ),
        rows_of(
            lambda by: StrategyVersion.objects.filter(strategy__in=Strategy.objects.visible_to(by)),
            *("strategy__client__ref", "number", "text", "business", "made_by", "made_at", "changed_at"),
            *("showing", "shared_at", "presented_at", "sign_off__name"),
        ),
    ),
    Sheet(
        "strategy_comments",
        ("client", "version", "contact", "name", "text", "at"),
        rows_of(
            lambda by: StrategyComment.objects.filter(version__strategy__in=Strategy.objects.visible_to(by)),
            *("version__strategy__client__ref", "version__number", "contact__email", "name", "text", "at"),
        ),
    ),
    Sheet(
        "strategy_sign_offs",
        ("client", "version", "contact", "name", "at"),
        rows_of(
            lambda by: SignOff.objects.filter(version__strategy__in=Strategy.objects.visible_to(by)),
            *("version__strategy__client__ref", "version__number", "contact__email", "name", "at"),
        ),
    ),
    Sheet(
        "strategy_tests",
        ("client", "at", "by", "still right", "note"),
        rows_of(
            lambda by: StrategyTest.objects.filter(strategy__in=Strategy.objects.visible_to(by)),
            *("strategy__client__ref", "at", "by_name", "still_right", "note"),
        ),
    ),
)
