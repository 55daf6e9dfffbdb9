"""What PyPI has for attribution, from the same Parquet: a process of `bench.attribution`, in its own Python.

    python attribution_peers.py ca|mam TOUCHES CONVERSIONS

Neither knows look-backs or times; both get paths joined by DuckDB, which counts. ChannelAttribution: three
heuristics and a Markov chain by simulation. marketing-attribution-models: five heuristics, Markov, Shapley.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import resource
import sys
import time

import duckdb

PATHS = """SELECT string_agg(t.channel, ' > ' ORDER BY t.time) AS path, t."user" AS j,
 string_agg(CAST(round(epoch(coalesce(c.time, t.time) - t.time) / 3600, 3) AS VARCHAR), ' > ' ORDER BY t.time)
 AS hours,
 max(c.value) AS value, count(c.value) > 0 AS converts
 FROM '{touches}' t LEFT JOIN '{conversions}' c ON c."user" = t."user" GROUP BY t."user" """


def channel_attribution(touches: str, conversions: str) -> None:
    """Paths aggregated, then its four models."""
    import ChannelAttribution as peer

    table = duckdb.sql(
        "SELECT path, sum(CAST(converts AS INT)) AS conversions, coalesce(sum(value), 0) AS value,"
        " sum(CAST(NOT converts AS INT)) AS nulls"
        f" FROM ({PATHS.format(touches=touches, conversions=conversions)}) GROUP BY path"
    ).df()
    peer.heuristic_models(table, "path", "conversions", var_value="value")
    peer.markov_model(table, "path", "conversions", var_value="value", var_null="nulls", verbose=False)


def marketing_attribution_models(touches: str, conversions: str) -> None:
    """A row a path, then its seven models."""
    from mam import MAM

    joined = PATHS.format(touches=touches, conversions=conversions)
    table = duckdb.sql(f"SELECT CAST(j AS VARCHAR) AS j, path, hours, converts FROM ({joined})").pl()
    model = MAM(
        table,
        format_type="journey",
        channels_colname="path",
        journey_with_conv_colname="converts",
        user_id_colname="j",
        time_till_conv_colname="hours",
    )
    for name in ("last_click", "first_click", "linear", "time_decay", "position_based", "markov", "shapley"):
        getattr(model, f"run_{name}")().to_polars()


def main() -> None:
    key, touches, conversions = sys.argv[1:]
    run, module = {
        "ca": (channel_attribution, "ChannelAttribution"),
        "mam": (marketing_attribution_models, "mam"),
    }[key]
    with contextlib.redirect_stdout(io.StringIO()):
        importlib.import_module(module)  # seconds of its own, which are not counted
    duckdb.sql("SET enable_progress_bar = false")
    began = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        run(touches, conversions)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
