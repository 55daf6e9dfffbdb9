"""Who notices dips in ratios of which only the quotient is known, at equal false alarms: ours or MSTL.

    python -m bench.dips_ratios FOLDER [--peers PYTHON]

`FOLDER` holds hourly costs for a click and for a thousand views (`*cpc*.csv`, `*cpm*.csv`: a moment and a
value). The first three weeks are only learned from; dips of a day and four depths begin every seventh hour.
MSTL is fitted to the logarithms of at most eight weeks, anew each day, and never to a dip put in; ours lives
through each. Counted is the share of dips noticed by their 3rd, 12th and 24th hour, where each method has 1
and 4 false days a series-month.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from bench.dips_beside import (
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

RULES = Rules(
    hours=1, history=8 * 168, refit=24, seasons=(24, 168), period=24, waits=(3, 12, 24), stride=7, bit=0
)
LEARNED = 21 * 24
#: False days a series-month, and hours in one.
FALSE, MONTH = (1, 4), 730.5
LIMITS = {"mean": 0.0}


def hourly(folder: Path) -> list[Real]:
    """The ratios of a folder, hour by hour."""
    found = []
    for file in sorted([*folder.glob("*cpc*.csv"), *folder.glob("*cpm*.csv")]):
        rows = read(file)
        found.append(Real(file.stem, rows[0][0], evenly(rows, dt.timedelta(hours=1)), LEARNED))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peers", help="a Python that has the peers; without it one is made")
    options = parser.parse_args()
    series = hourly(options.folder)
    expected = expected_by("mstl", series, RULES, options.peers or python_of_peers())
    table = {"mstl": of_peer(expected, series, RULES), "ours": of_ours(series, RULES, Kind.PLAIN)}
    report(table, RULES, FALSE, "day", "series-month", sum(map(len, table["ours"].plain)) / MONTH, LIMITS)


if __name__ == "__main__":
    main()
