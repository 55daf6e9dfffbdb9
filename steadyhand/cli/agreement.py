"""`agreement`: is a sealed agreement still what was signed?"""

from __future__ import annotations

import argparse
from pathlib import Path

from steadyhand.cli import output
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.agreements.verifying import (
    Finding,
    Verdict,
    verify_agreement,
    verify_file,
)
from steadyhand.onboarding.models import Agreement

EXAMPLES = """\
  steadyhand agreement verify 12                       an agreement, by the number in its address
  steadyhand agreement verify ~/contract.pdf           a copy that somebody has
  steadyhand agreement verify 12 --json

Exit codes of verify: 0 intact, 1 altered, 2 cannot be read as a sealed agreement."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `agreement`."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="verify")
    verify = deeds.add_parser("verify", help="hold an agreement or a PDF against what was signed")
    verify.add_argument("what", metavar="FILE | ID", help="a PDF, or the number of an agreement")
    verify.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace) -> int:
    """Say what was found; the verdict is the exit code."""
    finding = _found(options.what)
    if options.json:
        output.answer_json(
            {
                "verdict": finding.verdict.name.lower(),
                "agreement": finding.agreement.pk if finding.agreement else None,
                "title": finding.agreement.title if finding.agreement else "",
                "checked": finding.checked,
                "wrong": finding.wrong,
            }
        )
        return int(finding.verdict)
    named = f"“{finding.agreement.title}”" if finding.agreement else options.what
    if finding.is_intact:
        output.answer(f"{named} is intact: {len(finding.checked)} checks.")
    else:
        is_altered = finding.verdict is Verdict.ALTERED
        output.answer(f"{named} {'was altered' if is_altered else 'cannot be read'}.")
        for sentence in finding.wrong:
            output.answer(f"  {sentence}")
    return int(finding.verdict)


def _found(what: str) -> Finding:
    if what.isdecimal() and len(what) < 12 and not Path(what).is_file():
        agreement = Agreement.objects.select_related("client").filter(pk=int(what)).first()
        if agreement is None:
            return _unreadable(f"There is no agreement with the number {what}.")
        return verify_agreement(agreement)
    try:
        return verify_file(Path(what).expanduser().read_bytes())
    except OSError as error:
        return _unreadable(f"The file cannot be opened: {error.strerror or error}.")
    except Refusal as refusal:
        return _unreadable(str(refusal))


def _unreadable(sentence: str) -> Finding:
    return Finding(Verdict.UNREADABLE, wrong=[sentence])
