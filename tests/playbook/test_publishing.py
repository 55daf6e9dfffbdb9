import datetime as dt

import pytest
import time_machine

from steadyhand.core import agency
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import Event
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.playbook.comparison import compare
from steadyhand.playbook.documents import dumps, loads, shipped
from steadyhand.playbook.models import Draft, Playbook, Version
from steadyhand.playbook.publishing import (
    adopt_shipped,
    discard,
    edit_draft,
    publish,
    publish_text,
    start_draft,
)

pytestmark = pytest.mark.django_db
JODY = Actor(ActorKind.MEMBER, 7, "Jody Marsh", frozenset({"edit_playbook"}))
SAM = Actor(ActorKind.MEMBER, 8, "Sam Okafor")
MAYA = Actor(ActorKind.CONTACT, 3, "Maya Lind")
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def live():
    agency.found(by=JODY, name="Northwind", currency="GBP")
    return adopt_shipped("framework", "GBP", by=JODY)


def with_step(text, step):
    """The text with another call allowance."""
    policy = loads(text).policy
    return dumps(policy.having(call_allowance={"minutes": 60, "step": step, "pro_rata": True}))


def verbs():
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_adopting_publishes_the_first_version_in_the_agencys_currency():
    version = adopt_shipped("concierge", "EUR", by=JODY)
    assert (version.number, version.playbook.name, version.published_by) == (1, "concierge", "Jody Marsh")
    assert version.published_at == NOW
    assert version.policy == shipped("concierge").policy.having(currency="EUR")
    assert Version.live() == version
    assert verbs() == ["playbook.published"]


def test_adopting_again_is_harmless(live):
    assert adopt_shipped("framework", "GBP", by=JODY) == live
    assert Version.objects.count() == 1


def test_adopting_what_does_not_ship_is_refused():
    with pytest.raises(Refusal, match="Choose one of framework, concierge"):
        adopt_shipped("base", "GBP", by=JODY)


def test_a_draft_is_edited_and_published_as_the_next_version(live):
    draft = start_draft(live.playbook, by=JODY)
    assert loads(draft.document).policy == live.policy
    draft = edit_draft(draft, with_step(draft.document, 2000), revision=1, by=SAM)
    assert (draft.revision, draft.author_name, draft.author_id) == (2, "Sam Okafor", 8)
    version = publish(draft, by=JODY, revision=2, note="Dearer calls")
    assert (version.number, version.note, version.policy.call_allowance.step) == (2, "Dearer calls", 2000)
    assert Version.live() == version
    assert live.policy.call_allowance.step == 1500
    assert not Draft.objects.exists()
    assert verbs()[-3:] == ["playbook.draft_started", "playbook.draft_edited", "playbook.published"]
    assert Event.objects.last().data["differences"] == [
        {
            "path": "call_allowance.step",
            "label": "Call allowance › step",
            "before": "£1,500",
            "after": "£2,000",
        }
    ]


def test_two_editors_never_overwrite_each_other(live):
    draft = start_draft(live.playbook, by=JODY)
    edit_draft(draft, with_step(draft.document, 2000), revision=1, by=SAM)
    with pytest.raises(Conflict, match="Sam Okafor saved this draft"):
        edit_draft(draft, with_step(draft.document, 3000), revision=1, by=JODY)
    with pytest.raises(Conflict, match="Sam Okafor saved this draft"):
        publish(draft, by=JODY, revision=1)
    assert loads(Draft.objects.get().document).policy.call_allowance.step == 2000
    with pytest.raises(Conflict, match="open since 24 November"):
        start_draft(live.playbook, by=SAM)


def test_a_draft_closed_meanwhile_cannot_be_saved(live):
    draft = start_draft(live.playbook, by=JODY)
    stale = Draft.objects.get()
    discard(draft, by=JODY)
    with pytest.raises(Conflict, match="published or discarded meanwhile"):
        edit_draft(stale, stale.document, revision=1, by=SAM)
    with pytest.raises(Conflict, match="published or discarded meanwhile"):
        publish(stale, by=SAM)
    with pytest.raises(Conflict, match="published or discarded meanwhile"):
        discard(stale, by=SAM)
    assert verbs()[-1] == "playbook.draft_discarded"
    assert Version.objects.count() == 1


def test_a_draft_that_does_not_hold_is_not_saved(live):
    draft = start_draft(live.playbook, by=JODY)
    with pytest.raises(Refusal, match="below zero"):
        edit_draft(draft, draft.document.replace("step = 1500", "step = -1"), revision=1, by=JODY)
    with pytest.raises(Refusal, match="text now says “other”"):
        edit_draft(draft, draft.document.replace('"framework"', '"other"', 1), revision=1, by=JODY)
    assert Draft.objects.get().revision == 1


def test_a_draft_older_than_the_live_version_is_published_only_on_purpose(live):
    draft = start_draft(live.playbook, by=JODY)
    draft = edit_draft(draft, with_step(draft.document, 2000), revision=1, by=JODY)
    publish_text(with_step(draft.document, 2500), by=SAM, at=NOW + dt.timedelta(minutes=5))
    with pytest.raises(Conflict, match="Version 2 was published by Sam Okafor"):
        publish(draft, by=JODY)
    assert publish(draft, by=JODY, over_newer=True).number == 3


def test_publishing_what_changes_nothing_is_refused(live):
    draft = start_draft(live.playbook, by=JODY)
    with pytest.raises(Refusal, match="nothing to publish"):
        publish(draft, by=JODY)
    assert Draft.objects.exists()


def test_a_playbook_in_another_currency_is_refused(live):
    with pytest.raises(Refusal, match="counts in USD and the agency in GBP"):
        publish_text(dumps(shipped("concierge").policy), by=JODY)


def test_a_text_publishes_the_playbook_it_names_which_may_extend_the_agencys_own(live):
    publish_text('extends = "framework"\nname = "ours"\ntitle = "Ours"\n', by=JODY)
    second = publish_text('extends = "ours"\nname = "theirs"\ntitle = "Theirs"\n', by=JODY)
    assert (second.playbook.name, second.number) == ("theirs", 1)
    assert second.document.startswith("extends")
    assert set(Playbook.objects.values_list("name", flat=True)) == {"framework", "ours", "theirs"}


def test_published_versions_are_immutable(live):
    live.note = "changed"
    for act in (
        live.save,
        live.delete,
        lambda: Version.objects.update(note="changed"),
        lambda: Version.objects.filter(pk=live.pk).delete(),
        lambda: Version.objects.bulk_update([live], ["note"]),
    ):
        with pytest.raises(Refusal):
            act()
    assert Version.objects.get().note != "changed"


def test_the_agency_reads_playbooks_and_only_editors_see_drafts(live):
    draft = start_draft(live.playbook, by=JODY)
    assert list(Draft.objects.visible_to(JODY)) == [draft]
    assert not Draft.objects.visible_to(SAM).exists()
    assert Version.objects.visible_to(SAM).exists()
    assert Playbook.objects.visible_to(SAM).exists()
    assert not Version.objects.visible_to(MAYA).exists()
    assert not Playbook.objects.visible_to(MAYA).exists()


# --- comparing --------------------------------------------------------------------------------------

FRAMEWORK = shipped("framework").policy


def said(old, new):
    return {difference.label: (difference.before, difference.after) for difference in compare(old, new)}


def test_equal_playbooks_do_not_differ():
    assert compare(FRAMEWORK, FRAMEWORK.having()) == []


def test_a_changed_cell_is_named_by_its_band():
    bands = list(FRAMEWORK.retainer_matrix)
    call = {"cadence": "weekly", "on": "tuesday", "minutes": 30}
    bands[1] = bands[1].model_copy(update={"call": type(bands[1].call).model_validate(call)})
    assert said(FRAMEWORK, FRAMEWORK.having(retainer_matrix=tuple(bands))) == {
        "Retainer matrix › above £1,000 and under £1,500 › call": (
            "fortnightly, last working day, 30 minutes",
            "weekly, tuesday, 30 minutes",
        )
    }


def test_a_moved_edge_shows_the_band_that_came_and_the_one_that_went():
    bands = list(FRAMEWORK.project_matrix)
    bands[1] = bands[1].model_copy(update={"up_to": 12000})
    labels = said(FRAMEWORK, FRAMEWORK.having(project_matrix=tuple(bands)))
    assert labels["Project matrix › £12,000 and more"] == ("", "bespoke")
    assert labels["Project matrix › £10,000 and more"] == ("bespoke", "")
    assert labels["Project matrix › £5,000 to under £12,000 › call"][0] == ""


def test_content_and_switches_in_words():
    content = FRAMEWORK.content
    letter = content.letters[0].model_copy(update={"title": "Hello"})
    new = FRAMEWORK.having(
        content=content.model_copy(update={"letters": (letter, *content.letters[1:])}), upsell_review=None
    )
    differences = said(FRAMEWORK, new)
    assert differences[f"Content › letters › {letter.key} › title"] == (content.letters[0].title, "Hello")
    assert differences["Upsell review"][1] == ""
