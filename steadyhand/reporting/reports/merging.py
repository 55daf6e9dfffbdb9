"""Two records are one client: reports and what is said of leads go along."""

from __future__ import annotations

from steadyhand.reporting.models import LeadQuality, Report, ReportRules


def merge(husk: int, kept: int) -> None:
    """Everything the husk had is the kept client's; where both had an arrangement, the kept one's stands."""
    Report.objects.filter(client_id=husk).update(client_id=kept)
    LeadQuality.objects.filter(client_id=husk).update(client_id=kept)
    if ReportRules.objects.filter(client_id=kept).exists():
        ReportRules.objects.filter(client_id=husk).delete()
    else:
        ReportRules.objects.filter(client_id=husk).update(client_id=kept)
