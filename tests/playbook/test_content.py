"""The content of a playbook: its types, how one lies over another, and what ships (B13 to B17)."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from steadyhand.core.refusals import Refusal
from steadyhand.people.roles import Role as MemberRole
from steadyhand.playbook.content import (
    SECTIONS,
    Audience,
    Content,
    Evidence,
    QuestionKind,
    Repeat,
    Rhythm,
    Role,
    TalkTrack,
    merge,
    shipped_content,
)
from steadyhand.playbook.merge_fields import (
    MERGE_FIELDS,
    UnfilledText,
    examples,
    fields_used,
    render,
    unknown_fields,
)
from steadyhand.playbook.texts import shrugs

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
SHIPPED = ("base", "framework", "concierge")


@pytest.fixture(params=SHIPPED)
def content(request: pytest.FixtureRequest) -> Content:
    return shipped_content(request.param)


def keys(content: Content, section: str) -> list[str]:
    return [entry.key for entry in getattr(content, section)]


def track(content: Content, key: str) -> TalkTrack:
    found = content.entry("talk_tracks", key)
    assert isinstance(found, TalkTrack)
    return found


def letter(**changes: Any) -> dict[str, Any]:
    return {
        "key": "hello",
        "title": "Hello",
        "family": "hello",
        "audience": "client",
        "sent_by": "account_manager",
        "subject": "Hello {{ contact.first_name }}",
        "body": "Welcome to {{ agency.name }}.",
        **changes,
    }


def checklist(key: str, *items: str) -> dict[str, Any]:
    return {"key": key, "title": key, "use_when": "now", "items": items or ("breathe",)}


class TestWhatShips:
    """Figures of B16's detail, each of them stated, for each of the playbooks that ship."""

    def test_call_structure_has_4_parts(self, content: Content) -> None:
        assert keys(content, "call_structure") == ["rapport", "delivery", "strategy", "commercial"]

    def test_discovery_has_8_questions_in_3_groups(self, content: Content) -> None:
        groups = Counter(q.group for q in content.questions if q.kind is QuestionKind.DISCOVERY)
        assert list(groups.values()) == [1, 4, 3]

    def test_2_questions_on_goals_and_3_commercial_prompts(self, content: Content) -> None:
        kinds = Counter(question.kind for question in content.questions)
        assert (kinds[QuestionKind.GOALS], kinds[QuestionKind.COMMERCIAL]) == (2, 3)
        assert len(content.call_structure[3].prompts) == 3

    def test_5_rating_questions(self, content: Content) -> None:
        wanted = ["communication", "strategy", "results", "proactivity", "partnership"]
        assert keys(content, "rating_questions") == wanted

    def test_11_agendas_and_who_leads_them(self, content: Content) -> None:
        assert {agenda.key: agenda.led_by for agenda in content.agendas} == {
            "internal-kickoff": Role.NEW_BUSINESS,
            "client-kickoff": Role.ACCOUNT_MANAGER,
            "client-call": Role.ACCOUNT_MANAGER,
            "client-meeting": Role.ACCOUNT_MANAGER,
            "quarterly-review": Role.ACCOUNT_DIRECTOR,
            "weekly-client-services": Role.HEAD_OF_CLIENT_SERVICES,
            "monthly-planning": Role.HEAD_OF_OPERATIONS,
            "wash-up": Role.HEAD_OF_OPERATIONS,
            "all-hands": Role.MANAGING_DIRECTOR,
            "sponsor-sync": Role.ACCOUNT_MANAGER,
            "pdp-review": Role.HEAD_OF_CLIENT_SERVICES,
        }

    @pytest.mark.parametrize(
        ("key", "count"),
        [("client-call", 4), ("client-meeting", 4), ("weekly-client-services", 5), ("all-hands", 4)],
    )
    def test_agendas_with_a_number_of_items(self, content: Content, key: str, count: int) -> None:
        agenda = next(agenda for agenda in content.agendas if agenda.key == key)
        assert len(agenda.items) == count

    def test_client_meeting_runs_from_a_to_d(self, content: Content) -> None:
        agenda = next(agenda for agenda in content.agendas if agenda.key == "client-meeting")
        assert [item.title[:2] for item in agenda.items] == ["A.", "B.", "C.", "D."]

    def test_weekly_meeting_opens_with_last_weeks_actions(self, content: Content) -> None:
        agenda = next(agenda for agenda in content.agendas if agenda.key == "weekly-client-services")
        assert [item.title for item in agenda.items] == [
            "Last week's actions",
            "Flags",
            "Contracts",
            "Entertainment and surprises",
            "Upsell and cross-sell",
        ]

    def test_only_meetings_with_the_client_have_the_client_as_audience(self, content: Content) -> None:
        shown = {agenda.key for agenda in content.agendas if agenda.audience is Audience.CLIENT}
        assert shown == {"client-kickoff", "client-call", "quarterly-review"}

    def test_e_mails_for_7_moments_the_managers_reply_long_and_short(self, content: Content) -> None:
        assert [(letter.family, letter.variant) for letter in content.letters] == [
            ("win-answer", ""),
            ("introduction", ""),
            ("manager-reply", "long"),
            ("manager-reply", "short"),
            ("voicemail-follow-up", ""),
            ("kickoff-actions", ""),
            ("call-follow-up", ""),
            ("new-contact", ""),
        ]

    def test_kickoff_letter_carries_actions_and_the_escalation_path(self, content: Content) -> None:
        body = next(letter.body for letter in content.letters if letter.key == "kickoff-actions")
        assert {"meeting.actions", "escalation.path"} <= set(fields_used(body))

    def test_introduction_is_signed_with_name_role_and_phone(self, content: Content) -> None:
        body = next(letter.body for letter in content.letters if letter.key == "introduction")
        assert {"winner.name", "winner.role", "winner.phone"} <= set(fields_used(body))

    @pytest.mark.parametrize("length", ["long", "short"])
    def test_managers_reply_brings_three_papers_and_several_dates(
        self, content: Content, length: str
    ) -> None:
        body = next(letter.body for letter in content.letters if letter.variant == length)
        wanted = {"agreement.link", "onboarding_form.link", "finance_form.link", "kickoff.choices"}
        assert wanted <= set(fields_used(body))

    def test_6_talk_tracks(self, content: Content) -> None:
        assert keys(content, "talk_tracks") == [
            "objection",
            "disagreement",
            "find-out",
            "referral",
            "steady-the-ship",
            "push-back",
        ]

    @pytest.mark.parametrize(
        ("key", "steps"), [("objection", 8), ("disagreement", 3), ("find-out", 2), ("referral", 4)]
    )
    def test_talk_tracks_with_a_number_of_steps(self, content: Content, key: str, steps: int) -> None:
        assert len(track(content, key).steps) == steps

    def test_referral_names_26_trades_in_5_groups(self, content: Content) -> None:
        groups = track(content, "referral").prompt_groups
        assert [len(group.prompts) for group in groups] == [12, 5, 5, 1, 3]
        assert len({trade for group in groups for trade in group.prompts}) == 26

    def test_4_checklists(self, content: Content) -> None:
        assert keys(content, "checklists") == [
            "day-of-assignment",
            "first-week-set-up",
            "routines",
            "confidence-before-a-call",
        ]

    def test_routines_are_3_daily_2_weekly_3_monthly(self, content: Content) -> None:
        rhythms = Counter(routine.rhythm for routine in content.routines)
        assert rhythms == {Rhythm.DAILY: 3, Rhythm.WEEKLY: 2, Rhythm.MONTHLY: 3}

    def test_a_client_meeting_takes_5_preparations(self, content: Content) -> None:
        routine = next(r for r in content.routines if r.key == "client-meeting-preparation")
        assert len(routine.steps) == 5

    def test_service_standard_has_4_examples_with_evidence_of_each_kind(self, content: Content) -> None:
        assert [example.evidence for example in content.service_standard] == list(Evidence)
        assert len(content.service_standard) == 4

    def test_20_adoption_steps_numbered_in_order(self, content: Content) -> None:
        assert [step.number for step in content.adoption_steps] == list(range(1, 21))

    def test_structure_is_shared_before_it_is_in_force(self, content: Content) -> None:
        steps = {step.number: step for step in content.adoption_steps}
        assert steps[14].after == (steps[16].key,)

    @pytest.mark.parametrize(
        ("key", "months", "repeat"),
        [
            ("month-one-is-set-up", (1, 1), Repeat.ONCE),
            ("results-from-month-two", (1, 2), Repeat.MONTHLY),
            ("search-takes-six-months", (1, 6), Repeat.EVERY_CALL),
            ("feedback-makes-us-faster", (1, 0), Repeat.MONTHLY),
            ("tell-us-if-you-do-not-love-it", (1, 0), Repeat.MONTHLY),
            ("honesty-never-offends", (1, 1), Repeat.ONCE),
            ("call-time", (1, 0), Repeat.MONTHLY),
        ],
    )
    def test_expectations_with_their_months_and_repeat_rules(
        self, content: Content, key: str, months: tuple[int, int], repeat: Repeat
    ) -> None:
        said = next(entry for entry in content.expectations if entry.key == key)
        assert ((said.from_month, said.until_month), said.repeat) == (months, repeat)

    def test_no_text_says_that_we_do_not_know(self, content: Content) -> None:
        assert not shrugs(content.model_dump_json())

    def test_every_text_can_be_filled_in(self, content: Content) -> None:
        for letter in content.letters:
            filled = render(letter.subject + letter.body, examples())
            assert "{{" not in filled

    def test_comes_back_equal_from_toml(self, content: Content) -> None:
        text = tomli_w.dumps(content.model_dump(mode="json"))
        assert Content.model_validate(tomllib.loads(text)) == content

    def test_routines_fit_no_role_twice(self, content: Content) -> None:
        for routine in content.routines:
            assert len(set(routine.roles)) == len(routine.roles)


def test_content_knows_the_roles_that_members_have() -> None:
    assert {role.value for role in Role} == set(MemberRole.values)


def test_search_is_repeated_only_for_clients_of_search_and_for_6_months() -> None:
    said = next(e for e in shipped_content("base").expectations if e.repeat is Repeat.EVERY_CALL)
    assert said.channel == "seo"
    assert [month for month in range(1, 13) if said.applies_in(month)] == [1, 2, 3, 4, 5, 6]


def test_concierge_spells_the_american_way_and_tells_of_1500_dollars() -> None:
    text = shipped_content("concierge").model_dump_json()
    for british in ("organis", "advisers", "colour", "favourite", "programme", "enquir", "learnt", "diary"):
        assert british not in text
    assert "$1,500" in text


def test_framework_and_base_spell_the_british_way() -> None:
    for name in ("base", "framework"):
        text = shipped_content(name).model_dump_json()
        for american in ("organiz", "advisors", "favorite", "prioritiz", "behavior"):
            assert american not in text


class TestGlossary:
    words = re.findall(r"^\| \*\*(.+?)\*\* \|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)

    def test_defines_each_word_once(self) -> None:
        assert [word for word, count in Counter(self.words).items() if count > 1] == []

    def test_defines_each_word_in_one_sentence_and_says_where_it_appears(self) -> None:
        rows = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| **")]
        for row in rows:
            _, _, meaning, where, _ = re.split(r"(?<!\\)\|", row)
            assert meaning.strip().endswith(".") and where.strip(), row

    @pytest.mark.parametrize("section", SECTIONS)
    def test_defines_what_content_is_made_of(self, section: str) -> None:
        named = {
            "rating_questions": "Rating",
            "call_structure": "Call",
            "service_standard": "Service standard",
        }
        word = named.get(section, section.removesuffix("s").replace("_", " ").capitalize())
        assert word in self.words


class TestRefusals:
    def test_an_unknown_merge_field_names_letter_field_and_nearest(self) -> None:
        with pytest.raises(ValidationError) as refused:
            Content.model_validate({"letters": [letter(body="Dear {{ contact.frist_name }}")]})
        assert (
            'Letter "hello", body: {{ contact.frist_name }} is not a merge field; '
            "did you mean {{ contact.first_name }}?"
        ) in str(refused.value)

    def test_a_merge_field_deep_in_a_talk_track_is_checked_too(self) -> None:
        steps = [
            {"title": "One", "notes": "fine"},
            {"title": "Two", "notes": "n", "say": "{{ clint.name }}"},
        ]
        with pytest.raises(ValidationError, match=r'Talk track "t", steps 2 say: \{\{ clint.name \}\}'):
            Content.model_validate(
                {"talk_tracks": [{"key": "t", "title": "T", "use_when": "now", "steps": steps}]}
            )

    def test_stray_braces(self) -> None:
        with pytest.raises(ValidationError, match="stray braces at character 4"):
            Content.model_validate({"letters": [letter(subject="Hi {{ client.name }")]})

    def test_two_entries_with_one_key(self) -> None:
        with pytest.raises(ValidationError, match='letters share the key "hello"'):
            Content.model_validate({"letters": [letter(), letter(title="Again")]})

    def test_one_key_in_two_sections_is_fine(self) -> None:
        content = Content.model_validate({"letters": [letter()], "checklists": [checklist("hello")]})
        assert content.entry("letters", "hello") != content.entry("checklists", "hello")

    @pytest.mark.parametrize("blank", ["", "   ", "\n"])
    def test_empty_text(self, blank: str) -> None:
        with pytest.raises(ValidationError, match="This text is empty"):
            Content.model_validate({"letters": [letter(subject=blank)]})

    @pytest.mark.parametrize(
        "shrug", ["I don't know.", "Well, i DON’T  know", "I do not know yet", "I dont know"]
    )
    def test_a_letter_that_shrugs(self, shrug: str) -> None:
        with pytest.raises(ValidationError, match="Promise to find out by a date"):
            Content.model_validate({"letters": [letter(body=shrug)]})

    def test_a_talk_track_whose_words_shrug(self) -> None:
        steps = [{"title": "One", "notes": "n", "say": "I don't know"}]
        with pytest.raises(ValidationError, match="Promise to find out by a date"):
            TalkTrack.model_validate({"key": "t", "title": "T", "use_when": "now", "steps": steps})

    def test_what_we_do_not_know_a_field_for(self) -> None:
        with pytest.raises(ValidationError, match="Extra inputs"):
            Content.model_validate({"letters": [letter(footer="x")]})

    @pytest.mark.parametrize("key", ["Hello", "hello world", "a.b", "-a", "a--b", ""])
    def test_keys_are_kebab_case(self, key: str) -> None:
        with pytest.raises(ValidationError, match="key"):
            Content.model_validate({"letters": [letter(key=key)]})

    def test_an_expectation_that_ends_before_it_begins(self) -> None:
        said = {"key": "x", "title": "X", "say": "x", "when": "x", "repeat": "once"}
        with pytest.raises(ValidationError, match="ends in month 2, before month 3"):
            Content.model_validate({"expectations": [{**said, "from_month": 3, "until_month": 2}]})

    def test_an_adoption_step_that_follows_nothing(self) -> None:
        step = {"key": "a", "number": 1, "title": "A", "done_when": "x", "after": ["b"]}
        with pytest.raises(ValidationError, match='"a" follows "b", which is not a step'):
            Content.model_validate({"adoption_steps": [step]})


class TestMerging:
    base = Content.model_validate({"checklists": [checklist("a"), checklist("b"), checklist("c")]})

    def test_the_same_key_replaces_in_place(self) -> None:
        merged = merge(self.base, {"checklists": [checklist("b", "sing")]})
        assert keys(merged, "checklists") == ["a", "b", "c"]
        assert merged.checklists[1].items == ("sing",)

    def test_a_new_key_appends(self) -> None:
        assert keys(merge(self.base, {"checklists": [checklist("d")]}), "checklists") == list("abcd")

    def test_remove_drops(self) -> None:
        assert keys(merge(self.base, {"remove": ["checklists.b"]}), "checklists") == ["a", "c"]

    def test_an_empty_patch_changes_nothing(self) -> None:
        assert merge(self.base, {}) == self.base

    def test_the_base_stays_as_it_was(self) -> None:
        merge(self.base, {"remove": ["checklists.a"], "checklists": [checklist("b", "sing")]})
        assert keys(self.base, "checklists") == ["a", "b", "c"]
        assert self.base.checklists[1].items == ("breathe",)

    @pytest.mark.parametrize("name", ["checklists.z", "letters.a", "cheklists.a", "a"])
    def test_removing_what_is_not_there(self, name: str) -> None:
        with pytest.raises(ValueError, match=f'"{name}" cannot be removed'):
            merge(self.base, {"remove": [name]})

    def test_removing_by_a_misspelt_name_offers_the_nearest(self) -> None:
        with pytest.raises(ValueError, match=r'Did you mean "checklists\.a"'):
            merge(self.base, {"remove": ["cheklists.a"]})

    def test_removing_and_replacing_one_entry(self) -> None:
        with pytest.raises(ValueError, match="both removed and replaced"):
            merge(self.base, {"remove": ["checklists.a"], "checklists": [checklist("a")]})

    def test_a_step_may_follow_one_of_the_base(self) -> None:
        step = {"key": "extra", "number": 21, "title": "Extra", "done_when": "x", "after": ["all-hands"]}
        merged = merge(shipped_content("base"), {"adoption_steps": [step]})
        assert merged.adoption_steps[-1].after == ("all-hands",)

    def test_removing_a_step_that_another_follows(self) -> None:
        with pytest.raises(ValueError, match='follows "structure-shared"'):
            merge(shipped_content("base"), {"remove": ["adoption_steps.structure-shared"]})

    def test_every_section_can_be_extended(self) -> None:
        base = shipped_content("base")
        for section in SECTIONS:
            entry = getattr(base, section)[0].model_copy(update={"key": "mine"})
            merged = merge(base, {section: [entry.model_dump(mode="json")]})
            assert keys(merged, section) == [*keys(base, section), "mine"]


class TestMergeFields:
    def test_every_field_has_a_description_and_an_example(self) -> None:
        for name, field in MERGE_FIELDS.items():
            assert field.name == name
            assert field.description.strip() and field.example.strip()

    def test_every_example_can_be_filled_in(self) -> None:
        for field in MERGE_FIELDS.values():
            assert render(field.tag, examples()) == field.example

    def test_unknown_fields_come_in_order_with_place_and_nearest(self) -> None:
        found = unknown_fields("a {{ client.nam }} {{ client.name }} {{ zzzzzz }}")
        assert [(f.name, f.position, f.nearest) for f in found] == [
            ("client.nam", 2, "client.name"),
            ("zzzzzz", 37, ""),
        ]

    @pytest.mark.parametrize(
        "text", ["{% if x %}", "{{ client.name|upper }}", "{{ client.__class__ }}", "{{}}", "{{ client.name"]
    )
    def test_nothing_but_plain_fields_is_known(self, text: str) -> None:
        assert unknown_fields(text)

    def test_single_braces_are_just_text(self) -> None:
        assert unknown_fields("{ this } and } that {") == []

    def test_spacing_inside_the_braces_does_not_matter(self) -> None:
        assert render("{{client.name}} {{   client.name }}", {"client.name": "Acme"}) == "Acme Acme"

    def test_missing_values_are_refused_all_at_once(self) -> None:
        with pytest.raises(UnfilledText) as refused:
            render(
                "{{ client.name }} {{ lead.name }} {{ lead.phone }}", {"lead.name": "Imo", "lead.phone": " "}
            )
        assert refused.value.sentence == "There is nothing to put in for {{ client.name }}, {{ lead.phone }}."
        assert isinstance(refused.value, Refusal)

    def test_unknown_fields_are_refused_even_with_a_value(self) -> None:
        with pytest.raises(UnfilledText, match="is not a merge field"):
            render("{{ client.nmae }}", {"client.nmae": "Acme"})

    @given(st.text())
    def test_a_value_is_copied_as_it_stands(self, value: str) -> None:
        if value.strip():
            assert render("<{{ client.name }}>", {"client.name": value}) == f"<{value}>"

    @given(st.text(alphabet="{}% ab.|#"))
    def test_a_text_is_refused_or_rendered_and_never_half_rendered(self, text: str) -> None:
        if unknown_fields(text):
            with pytest.raises(UnfilledText):
                render(text, examples())
        else:
            assert render(text, {}) == text
