from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.playbook.content import Expectation
from steadyhand.playbook.documents import (
    Document,
    DocumentRefused,
    data_of,
    dumps,
    loads,
    shipped,
    shipped_data,
)
from steadyhand.playbook.problems import locate, place_words
from steadyhand.playbook.responsibilities import Responsibility

FRAMEWORK, CONCIERGE = shipped("framework"), shipped("concierge")
EXTENDING = 'extends = "framework"\nname = "ours"\n'


def refused(text):
    with pytest.raises(DocumentRefused) as refusal:
        loads(text)
    return refusal.value


# --- what ships -------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [FRAMEWORK, CONCIERGE])
def test_what_ships_round_trips_alone_and_above_its_base(document):
    assert loads(dumps(document.policy)) == Document(document.policy)
    assert loads(dumps(document)) == document
    assert len(dumps(document)) < len(dumps(document.policy)) / 3
    assert document.policy.digest == loads(dumps(document.policy)).policy.digest


def test_the_figures_of_the_source_ship():
    policy = FRAMEWORK.policy
    assert policy.currency == "GBP"
    assert [(band.up_to, band.inclusive) for band in policy.retainer_matrix] == [
        (1000, True),
        (1500, False),
        (3000, True),
        (6000, False),
        (None, False),
    ]
    assert [band.up_to for band in policy.project_matrix] == [5000, 10000, None]
    assert policy.surprise_pot.monthly_amount == 50
    assert (policy.first_month.months, policy.first_month.setup_within_days) == (1, 7)
    assert policy.plan_agreement.within_working_days == 5
    assert (CONCIERGE.policy.currency, CONCIERGE.policy.call_allowance.step) == ("USD", 1500)
    assert (CONCIERGE.policy.call_allowance.minutes, CONCIERGE.policy.call_allowance.pro_rata) == (60, True)


@pytest.mark.parametrize("document", [FRAMEWORK, CONCIERGE])
def test_the_responsibility_matrix_has_the_counts_of_the_source(document):
    responsibilities = document.policy.responsibilities
    counts = {str(role): len(held) for role, held in responsibilities.roles.items()}
    assert counts["account_executive"] == 4
    assert counts["account_manager"] == 7
    assert counts["senior_account_manager"] == 8
    assert counts["account_director"] == 12
    for responsibility in Responsibility:
        assert responsibility.label
    assert responsibilities.owner_roles("day-to-day-comms")[0] == "account_manager"
    assert "senior_account_manager" in responsibilities.owner_roles("reporting-admin")
    assert responsibilities.owner_roles("nobody-knows") == ()


# --- round trip -------------------------------------------------------------------------------------

text = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n\t"), min_size=1, max_size=40
).map(str.strip)
plain_text = text.filter(lambda written: written and not set(written) & set("{}%#"))
amounts = st.decimals("0.01", 90_000, places=2)


@st.composite
def policies(draw):
    policy = draw(st.sampled_from([FRAMEWORK.policy, CONCIERGE.policy]))
    changes = {
        "title": draw(plain_text),
        "about": draw(plain_text | st.just("one line\r\nand another")),
        "call_allowance": {
            "minutes": draw(st.integers(1, 480)),
            "step": draw(amounts),
            "pro_rata": draw(st.booleans()),
        },
        "meeting_in_person": {
            "from_spend": draw(amounts),
            "where": draw(plain_text),
            "why": draw(plain_text),
        },
        "upsell_review": draw(st.sampled_from([None, policy.upsell_review])),
    }
    edges = sorted(draw(st.sets(amounts, max_size=4)))
    cell = {
        "cadence": draw(st.sampled_from(["weekly", "monthly", "yearly"])),
        "minutes": draw(st.integers(1, 480)),
    }
    changes["retainer_matrix"] = [
        *(
            {"up_to": edge, "inclusive": draw(st.booleans()), "call": cell, "dashboard": draw(st.booleans())}
            for edge in edges
        ),
        {"bespoke": True},
    ]
    if draw(st.booleans()):
        said = Expectation(key="said", title=draw(plain_text), say="We do.", when="Now", repeat="once")
        content = policy.content
        changes["content"] = content.model_copy(
            update={
                "expectations": (*content.expectations, said),
                "letters": content.letters[draw(st.integers(0, 2)) :],
                "routines": tuple(draw(st.permutations(content.routines))),
            }
        )
    return policy.having(**changes)


@settings(deadline=None, max_examples=60)
@given(policies(), st.sampled_from(["", "base", "framework", "concierge"]))
def test_every_playbook_reads_back_as_it_was_written(policy, extends):
    read = loads(dumps(Document(policy, extends)))
    assert read.policy == policy
    assert read.policy.digest == policy.digest


def test_a_changed_copy_has_a_digest_of_its_own():
    policy = FRAMEWORK.policy
    assert policy.digest
    assert policy.model_copy(update={"title": "Ours"}).digest != policy.digest
    assert policy.having(title="Ours").digest != policy.digest
    assert policy.having() == policy
    assert hash(policy.having()) == hash(policy)


# --- extending --------------------------------------------------------------------------------------


def test_tables_merge_key_by_key_and_lists_are_replaced():
    ours = loads(EXTENDING + "[call_allowance]\nstep = 2000\n[[project_matrix]]\nbespoke = true\n").policy
    assert (ours.call_allowance.step, ours.call_allowance.minutes) == (2000, 60)
    assert len(ours.project_matrix) == 1
    assert ours.retainer_matrix == FRAMEWORK.policy.retainer_matrix
    assert ours.content == FRAMEWORK.policy.content


def test_single_entries_of_the_content_are_replaced_added_and_removed():
    first = FRAMEWORK.policy.content.letters[0]
    removed = FRAMEWORK.policy.content.letters[1].key
    patch = f"""
        [content]
        remove = ["letters.{removed}"]
        [[content.letters]]
        key = "{first.key}"
        title = "Ours"
        family = "{first.family}"
        audience = "client"
        sent_by = "account_manager"
        subject = "Hello"
        body = "Hello {{{{ contact.first_name }}}}"
    """
    letters = {letter.key: letter for letter in loads(EXTENDING + patch).policy.content.letters}
    assert letters[first.key].title == "Ours"
    assert removed not in letters
    assert len(letters) == len(FRAMEWORK.policy.content.letters) - 1


def test_parts_can_be_left_out():
    ours = loads(EXTENDING + 'without = ["upsell_review", "role_shares.account_manager"]\n').policy
    assert ours.upsell_review is None
    assert "account_manager" not in ours.role_shares
    again = loads(dumps(Document(ours, "framework"))).policy
    assert again == ours


def test_a_playbook_of_the_agencys_own_can_be_extended():
    mine = {"mine": data_of(FRAMEWORK.policy.having(name="mine", title="Mine"))}
    read = loads('extends = "mine"\nabout = "Shorter."', find_base=mine.get)
    assert (read.policy.title, read.policy.about, read.extends) == ("Mine", "Shorter.", "mine")
    assert loads(dumps(read, find_base=mine.get), find_base=mine.get) == read


def test_the_base_is_no_playbook_by_itself():
    assert shipped_data("base") is not None
    assert "retainer_matrix is missing" in " ".join(
        str(problem)
        for problem in refused('extends = "base"\nname = "x"\ntitle = "x"\nabout = "x"\n').problems
    )


# --- refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (
            "[[retainer_matrix]]\nup_to = 1500\n[[retainer_matrix]]\nup_to = 1200\n[[retainer_matrix]]",
            "line 5, retainer_matrix 2: The retainer matrix has an overlap",
        ),
        ("[[retainer_matrix]]\nup_to = 1500", "line 3, retainer_matrix 1: The retainer matrix has a gap"),
        (
            "[[retainer_matrix]]\nup_to = -3\n[[retainer_matrix]]",
            "line 4, retainer_matrix 1, up_to: -3 is below zero",
        ),
        (
            "[[project_matrix]]\nclosing_report = { cadence = 'weekly', minutes = 3 }",
            "This is done once, so it cannot be “weekly”",
        ),
        (
            "[review]\ncadence = 'daily'",
            "line 4, review.cadence: “daily” is not a cadence. Write one of weekly",
        ),
        ("[review]\ncadence = 'once'", "“once” does not repeat"),
        ("[review]\ncadence = 'weekly'\non = 'day 3'", "not a day of every weekly period"),
        ("[review]\ncadence = 'weekly'\non = 'working day 20'", "a weekly period has 5 working days"),
        ("[review]\non = 'someday'", "not a day we can find in a calendar"),
        ("[review]\nminutes = 600", "600 minutes cannot be planned. Write 1 to 480"),
        ("[review]\nminutes = 0", "0 minutes cannot be planned"),
        ("[review]\nminutes = 2.5", "Write whole minutes"),
        ("[feedback]\ncadence = 'weekly'", "Nobody answers a weekly survey"),
        ("[feedback]\ndays = [40]", "40 is too large. Write 31 or less"),
        (
            "[call_allowance]\nminuts = 3",
            "line 4, call_allowance.minuts: minuts is not a key here. Did you mean minutes?",
        ),
        ("[call_allowance]\nstep = 0", "The step of the call allowance is 0"),
        ("currency = 'ZZZ'", "line 3, currency: “ZZZ” is not a currency"),
        (
            "[[tiers]]\nnumber = 1\ntitle = 'All'\nat_least = 0\nlead = 'account_manager'",
            "A playbook has at least 4",
        ),
        ("[role_shares.account_manager]\naccounts = 90", "come to 90%"),
        ("[responsibilities.owners]\npitching = ['account_executive']", "without holding it"),
        ("[[retainer_matrix]]\nbespoke = true\ndashboard = true", "A bespoke band holds nothing else"),
        ("without = ['nothing']", "The base has no “nothing”"),
        ("without = 3", "as a list of names"),
        ("[content]\nremove = ['letters.zzz']", "cannot be removed"),
        ("[[content.questions]]\nkey = 'new'", "content.questions 1, kind: kind is missing"),
        (
            "[[content.questions]]\nkey='n'\nkind='goals'\ngroup='g'\npurpose='p'\n"
            "text='{{ contact.frist_name }}?'",
            "contact.first_name",
        ),
    ],
)
def test_a_refusal_says_where_what_and_how_to_mend_it(written, says):
    problems = [str(problem) for problem in refused(EXTENDING + written + "\n").problems]
    assert any(says in problem for problem in problems), problems


def test_what_is_no_toml_is_refused_with_its_line():
    assert "line 3, column" in str(refused(EXTENDING + "review = \n"))
    assert "too long" in str(refused("#" * 3_000_000))


def test_all_problems_are_named_at_once():
    refusal = refused(EXTENDING + "[review]\nminutes = 0\ncadence = 'x'\n")
    assert len(refusal.problems) == 2
    assert "1 more problem" in str(refusal)
    assert refusal.field == "review.cadence"


def test_an_unknown_base_is_refused_with_those_there_are():
    assert "Write one of base, framework, concierge" in str(refused('extends = "zzz"'))
    assert refused("extends = 3").problems


def test_places_in_nested_lists_are_found():
    written = "a = 1\n[[b]]\nc = 2\n[[b]]\n[b.d]\ne = 3\n[[b.f]]\n[[b.f]]\ng = 4\n"
    assert locate(written, ("b", 1, "d", "e")) == 6
    assert locate(written, ("b", 1, "f", 1, "g")) == 9
    assert locate(written, ("b", 0, "missing")) == 2
    assert locate(written, ("zzz",)) is None
    assert place_words(("b", 1, "d", "e")) == "b 2, d.e"


def test_money_is_exact_as_text_as_integer_and_with_decimals():
    for written in ('"1500.10"', "1500.10", "1500.1"):
        step = loads(EXTENDING + f"[call_allowance]\nstep = {written}\n").policy.call_allowance.step
        assert (step, str(step)) == (Decimal("1500.10"), "1500.10")
