"""Is the right slice named, and how fast: losses put into a made-up table of 100,000 cells.

    python -m bench.dips_drivers [SEED] [--tables 300]

Channel × device × country × page, sizes as uneven as they are; a slice of one or two dimensions loses a fifth
to nine tenths. Counted are losses of at least six standard deviations of the slice.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np

from steadyhand.reporting.dips.drivers import drivers

SIZES = (8, 3, 40, 105)
LIMITS = {"right": 0.97, "milliseconds": 20.0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("seed", nargs="?", type=int, default=1)
    parser.add_argument("--tables", type=int, default=300)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    codes = [grid.ravel() for grid in np.meshgrid(*(np.arange(size) for size in SIZES), indexing="ij")]
    right: dict[int, list[bool]] = {1: [], 2: []}
    took = []
    for _ in range(options.tables):
        shares = np.ones(len(codes[0]))
        for dim, size in enumerate(SIZES):
            shares *= random.dirichlet(np.full(size, 0.7))[codes[dim]]
        expected = shares * random.uniform(3_000, 300_000)
        dims = sorted(random.choice(len(SIZES), random.integers(1, 3), replace=False).tolist())
        where = tuple((dim, int(random.integers(SIZES[dim]))) for dim in dims)
        inside = np.logical_and.reduce([codes[dim] == value for dim, value in where])
        loss = random.uniform(0.2, 0.9)
        hit = float(expected[inside].sum())
        if hit * loss < 6 * np.sqrt(hit) or hit > 0.8 * expected.sum():
            continue
        observed = random.poisson(np.where(inside, expected * (1 - loss), expected)).astype(float)
        started = time.perf_counter()
        found = drivers(observed, expected, codes, SIZES)
        took.append(time.perf_counter() - started)
        right[len(dims)].append(bool(found) and found[0].where == where)
    print(
        json.dumps(
            {
                "cells": len(codes[0]),
                "right_single": round(float(np.mean(right[1])), 3),
                "right_pair": round(float(np.mean(right[2])), 3),
                "tables": {"single": len(right[1]), "pair": len(right[2])},
                "milliseconds": round(float(np.median(took)) * 1000, 1),
                "limits": LIMITS,
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
