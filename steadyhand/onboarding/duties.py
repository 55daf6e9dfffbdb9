"""What the worker does for onboarding again and again; each may be killed and run again."""

from __future__ import annotations

import datetime as dt

from steadyhand.core.duties import duty
from steadyhand.onboarding.agreements.groundwork import chase_groundwork
from steadyhand.onboarding.agreements.sealing import seal_all_signed
from steadyhand.onboarding.agreements.signing import SEALING


@duty(SEALING, every=dt.timedelta(minutes=1))
def seal_agreements() -> None:
    """Seal what both sides have signed."""
    seal_all_signed()


@duty("onboarding.chase_groundwork", every=dt.timedelta(hours=1))
def chase_papers() -> None:
    """Promise the brief, objective and plan of engagements that begin without."""
    chase_groundwork()
