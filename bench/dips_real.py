"""Who notices dips in real daily series, at equal false alarms: our detector, Prophet, MSTL and AutoETS.

    python -m bench.dips_real FOLDER [--peers PYTHON]

`FOLDER` holds CSV files of a date and a value; what is not daily is left out, and a file with “_log_” in its
name holds logarithms. The last four years of each are judged, after at most two to learn from. Dips of seven
days and four depths begin every eighth day. Peers are fitted to the logarithms of at most 1,095 days, anew
each week and never to a dip put in, which favours them; ours lives through each dip. Counted is the share of
dips noticed by their first, third and seventh day, where each method has 1 and 4 false weeks a series-year.
The peers' fits take half an hour the first time and are kept under `build/bench-dips/`.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

import numpy as np

from bench.dips_beside import (
    PEERS,
    Real,
    Rules,
    evenly,
    expected_by,
    of_ours,
    of_peer,
    python_of_peers,
    read,
    report,
)
from steadyhand.reporting.dips.panel import Kind

LEARNED, JUDGED = 730, 4 * 365
RULES = Rules(hours=24, history=1095, refit=7, seasons=(7, 365), period=7, waits=(1, 3, 7), stride=8)
#: False weeks a series-year.
FALSE = (1, 4)
#: Ours less the best peer: of the mean over all cells, and of the worst cell beside the best peer in it.
LIMITS = {"mean": -0.02, "worst_cell": -0.1}


def daily(folder: Path) -> list[Real]:
    """The daily series of a folder."""
    found = []
    for file in sorted(folder.glob("*.csv")):
        rows = read(file)
        values = evenly(rows, dt.timedelta(days=1))
        if np.isnan(values).mean() > 0.2:
            continue
        values = np.round(np.exp(values)) if "_log_" in file.name else values
        kept = values[-(LEARNED + JUDGED) :]
        start = rows[-1][0] - dt.timedelta(days=len(kept) - 1)
        found.append(Real(file.stem, start, kept, min(LEARNED, len(kept) // 3)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peers", help="a Python that has the peers; without it one is made")
    options = parser.parse_args()
    series = daily(options.folder)
    table = {"ours": of_ours(series, RULES, Kind.COUNT)}
    for peer in PEERS:
        expected = expected_by(peer, series, RULES, options.peers or python_of_peers())
        table[peer] = of_peer(expected, series, RULES)
    report(table, RULES, FALSE, "week", "series-year", sum(map(len, table["ours"].plain)) / 365.25, LIMITS)


if __name__ == "__main__":
    main()
