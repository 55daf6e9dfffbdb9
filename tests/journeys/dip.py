"""A dip of Halden's visits, as the night brings it about: run on the data folder of its environment."""

from __future__ import annotations

import django

django.setup()

from steadyhand.clients.models import Client  # noqa: E402
from steadyhand.reporting.dips.noticing import take_in  # noqa: E402
from tests.contracts.dipped import found_dip  # noqa: E402

if __name__ == "__main__":
    halden = Client.objects.get(ref="halden-bikes")
    take_in({"incidents": [found_dip(halden, "sessions")], "shocks": []})
