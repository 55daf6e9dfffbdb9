from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.playbook.bands import (
    Amount,
    Band,
    BandFault,
    band_holding,
    band_words,
    check_bands,
    edges,
    index_in,
)

amounts = st.decimals(0, 20_000, places=2)
edge_lists = st.lists(
    st.tuples(st.decimals("0.01", 20_000, places=2), st.booleans()), max_size=8, unique_by=lambda edge: edge
)


def bands_of(edge_list):
    return (*(Band(up_to=up_to, inclusive=own) for up_to, own in sorted(edge_list)), Band())


def owns(bands, number, amount):
    """Whether the band holds the amount, said without bisection."""
    below = bands[number].up_to
    under = below is None or amount < below or (amount == below and bands[number].inclusive)
    if number == 0:
        return under
    edge = bands[number - 1].up_to
    return under and (amount > edge or (amount == edge and not bands[number - 1].inclusive))


@settings(deadline=None)
@given(edge_lists, amounts)
def test_every_amount_lies_in_exactly_one_band(edge_list, amount):
    bands = check_bands(bands_of(edge_list), "The matrix")
    holders = [number for number in range(len(bands)) if owns(bands, number, amount)]
    assert holders == [index_in(edges(bands), amount)]


@settings(deadline=None)
@given(edge_lists.filter(len), st.data())
def test_edges_themselves_go_to_the_band_that_owns_them(edge_list, data):
    bands = bands_of(edge_list)
    amount = data.draw(st.sampled_from(sorted(edge_list)))[0]
    penny = Decimal("0.01")
    for near in (amount - penny, amount, amount + penny):
        if near >= 0:
            assert sum(owns(bands, number, near) for number in range(len(bands))) == 1
            assert owns(bands, index_in(edges(bands), near), near)


@settings(deadline=None)
@given(st.lists(st.tuples(amounts, st.booleans()), min_size=2, max_size=6))
def test_bands_out_of_order_are_an_overlap(edge_list):
    bands = (*(Band(up_to=up_to, inclusive=own) for up_to, own in edge_list), Band())
    rising = all(one < other for one, other in pairwise(edge_list))
    if rising and edge_list[0] > (0, False):
        check_bands(bands, "The matrix")
    else:
        with pytest.raises(BandFault, match="overlap"):
            check_bands(bands, "The matrix")


def test_refusals_say_which_band_is_wrong_and_how_to_mend_it():
    for bands, index, words in [
        ((Band(up_to=1500), Band(up_to=1200), Band()), 1, "overlap: band 2 ends at 1,200.*above 1,500"),
        ((Band(up_to=1500), Band(up_to=3000)), 1, "gap: band 2 is the last and ends at 3,000.*open-ended"),
        ((Band(), Band(up_to=3000), Band()), 0, "overlap: band 1 has no up_to.*upper edge"),
        ((Band(up_to=1500), Band(starts_at=1501)), 1, "gap: band 2 says it starts at 1,501.*1500.00"),
        ((Band(up_to=1500), Band(starts_at=1400)), 1, "overlap: band 2 says it starts at 1,400"),
        ((Band(starts_at=1),), 0, "gap: band 1 says it starts at 1"),
    ]:
        with pytest.raises(BandFault, match=words) as refused:
            check_bands(bands, "The matrix")
        assert refused.value.index == index
    with pytest.raises(ValueError, match="no bands"):
        check_bands((), "The matrix")


@pytest.mark.parametrize("amount", [-1, "-0.01", "a lot", "1.005", True, None, "inf", 10**13])
def test_what_is_no_amount_is_refused(amount):
    class Priced(Band):
        cost: Amount

    with pytest.raises(ValueError, match=r"amount|below zero|penny"):
        Priced(cost=amount)


def test_amounts_are_read_exactly_however_they_are_written():
    written = ["1500", 1500, Decimal("1500.0"), "1,500.00", 1500.0]
    assert {Band(up_to=amount).up_to for amount in written} == {Decimal("1500.00")}


def test_bands_in_words():
    bands = (Band(up_to=1000, inclusive=True), Band(up_to=1500), Band(up_to=3000, inclusive=True), Band())
    assert [band_words(bands, number, "GBP") for number in range(4)] == [
        "up to £1,000",
        "above £1,000 and under £1,500",
        "£1,500 to £3,000",
        "above £3,000",
    ]
    assert band_words((Band(up_to="99.50"), Band()), 0, "USD") == "under $99.50"
    assert band_words((Band(up_to=99), Band()), 1, "CHF") == "CHF 99 and more"
    assert band_words((Band(),), 0, "EUR") == "any amount"
    assert band_holding(bands, Decimal("1000.01")) is bands[1]
