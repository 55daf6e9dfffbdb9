"""`doctor`: what is configured, and whether it is well."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import connection

from steadyhand import __version__
from steadyhand.cli import output, readiness
from steadyhand.config import ROOT, Config, settings_page, settings_table
from steadyhand.core import clock, duties
from steadyhand.core.models import Agency, DutyRun, Worker
from steadyhand.core.refusals import Refusal
from steadyhand.playbook.models import Version
from steadyhand.reporting.attribution.asking import look
from steadyhand.reporting.attribution.questions import Question

EXAMPLES = """\
  steadyhand doctor
  steadyhand doctor --json
  DATABASE_URL=postgresql://… steadyhand doctor      before moving there"""

LEAST_FREE_MB = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    well: bool
    says: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    parser.add_argument("--json", action="store_true", help="answer with JSON")
    parser.add_argument("--write-docs", action="store_true", help="write docs/settings.md and end")


def run(options: argparse.Namespace) -> int:
    """Look at everything; 1 when something is not well."""
    if options.write_docs:
        (ROOT / "docs" / "settings.md").write_text(settings_page())
        return 0
    if readiness.is_empty():
        readiness.migrate()
        readiness.found_agency()
    findings = examine()
    is_well = all(finding.well for finding in findings)
    if options.json:
        output.answer_json(
            {"well": is_well, "findings": [asdict(f) for f in findings], "settings": _shown_settings()}
        )
    else:
        output.answer_table([("ok" if f.well else "NOT OK", f.what, f.says) for f in findings])
        output.answer("\nSettings (those that differ from their default are marked *):")
        output.answer_table([(s["mark"], s["name"], s["value"]) for s in _shown_settings()])
    return 0 if is_well else 1


def examine() -> list[Finding]:
    """Every check, in the order a person would look."""
    pending = readiness.pending_migrations()
    findings = [
        Finding("version", True, f"Steadyhand {__version__}, Python {platform.python_version()}"),
        _disk(),
        Finding("database", True, _database()),
        Finding("migrations", not pending, f"pending: {', '.join(pending)}" if pending else "up to date"),
    ]
    if not pending:
        findings += [_agency(), _playbook(), *_background_work()]
    mail = (
        "a mail server is set"
        if Config.read().smtp
        else f"no mail server; written to {settings.DATA / 'mail'}"
    )
    return [*findings, Finding("mail", True, mail), *_warehouse()]


def _mail() -> Finding:
    if Config.read().smtp:
        return Finding("mail", True, "a mail server is set")
    return Finding("mail", True, f"no mail server: written to {settings.DATA / 'mail'}")


def _warehouse() -> list[Finding]:
    """The agency's own database of touches, where one is set."""
    here = settings.ANALYTICS
    if here is None:
        return []
    try:
        says = look(Question(here.touchpoints, here.conversions, engine=here.url))
    except Refusal as refusal:
        return [Finding("analytics", False, str(refusal))]
    return [Finding("analytics", True, says)]


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA).free // 2**20
    return Finding("data folder", free > LEAST_FREE_MB, f"{settings.DATA}, {free:,} MB free")


def _database() -> str:
    with connection.cursor() as cursor:
        version = "sqlite_version()" if connection.vendor == "sqlite" else "current_setting('server_version')"
        cursor.execute(f"SELECT {version}")
        row = cursor.fetchone()
    return f"{connection.display_name} {row[0] if row else ''}"


def _agency() -> Finding:
    agency = Agency.current()
    if agency is None:
        return Finding("agency", True, "none yet: the first page sets it up")
    return Finding("agency", True, f"{agency.name}, {agency.currency}, {agency.country}, {agency.zone}")


def _playbook() -> Finding:
    version = Version.live()
    if version is None:
        return Finding("playbook", True, "none published yet")
    return Finding("playbook", True, f"{version.playbook.name}, version {version.number}")


def _background_work() -> list[Finding]:
    alive = Worker.objects.filter(seen_at__gte=clock.now() - duties.LEASE).count()
    lag = duties.lag()
    if lag is None:
        return [Finding("background work", True, "no worker has run yet")]
    behind = f"{alive} workers, {lag.total_seconds():.0f} s behind"
    # Without a worker nothing is wrong yet: commands are used without one, too.
    findings = [Finding("background work", not alive or lag.total_seconds() < 300, behind)]
    for duty in DutyRun.objects.exclude(last_error="").order_by("name"):
        says = f"failed {duty.failures} times in a row: {duty.last_error}"
        findings.append(Finding(f"duty {duty.name}", False, says))
    return findings


def _shown_settings() -> list[dict[str, str]]:
    shown = []
    for row in settings_table():
        text = os.environ.get(row.name, "")
        value = "(set)" if text and row.secret else text or row.default
        shown.append({"mark": "*" if text else " ", "name": row.name, "value": value})
    return shown
