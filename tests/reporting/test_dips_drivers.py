"""Which slice drives a loss."""

from __future__ import annotations

import numpy as np
import pytest

from steadyhand.reporting.dips.drivers import drivers

SIZES = (5, 3, 12)


def cells() -> tuple[np.ndarray, list[np.ndarray]]:
    codes = [grid.ravel() for grid in np.meshgrid(*(np.arange(size) for size in SIZES), indexing="ij")]
    random = np.random.default_rng(2)
    shares = np.ones(len(codes[0]))
    for dim, size in enumerate(SIZES):
        shares *= random.dirichlet(np.full(size, 2.0))[codes[dim]]
    return shares * 20_000, codes


@pytest.mark.parametrize("where", [((0, 2),), ((2, 5),), ((0, 2), (1, 1)), ((1, 0), (2, 7))])
def test_the_slice_that_fell_is_named(where: tuple[tuple[int, int], ...]) -> None:
    expected, codes = cells()
    inside = np.logical_and.reduce([codes[dim] == value for dim, value in where])
    observed = np.random.default_rng(5).poisson(np.where(inside, expected * 0.3, expected)).astype(float)
    found = drivers(observed, expected, codes, SIZES)
    assert found[0].where == where
    assert found[0].observed < found[0].expected * 0.5
    assert found[0].share > 0.6


def test_where_everything_fell_alike_no_slice_is_named() -> None:
    expected, codes = cells()
    observed = np.random.default_rng(5).poisson(expected * 0.5).astype(float)
    assert drivers(observed, expected, codes, SIZES) == []
    assert drivers(np.zeros(len(expected)), expected, codes, SIZES) == []
