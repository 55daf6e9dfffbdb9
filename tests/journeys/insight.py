"""The night asks the rules about everybody: run on the data folder of its environment."""

from __future__ import annotations

import django

django.setup()

from steadyhand.reporting.insights.making import make_insights  # noqa: E402

if __name__ == "__main__":
    make_insights()
