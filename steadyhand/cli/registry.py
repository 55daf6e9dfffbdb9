"""Every command: its name, what it does, and what must be ready before it runs.

A command is a module `steadyhand/cli/<command>.py` with

* `EXAMPLES`: a few lines a person can copy;
* `arguments(parser)`: adds its options to an `argparse` parser;
* `run(options)`: does it; returns nothing, or an exit code.

The module is imported only when its command is called, after Django is ready if `needs` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from keyword import iskeyword


class Needs(IntEnum):
    """What a command finds ready when it runs; each includes the ones before it."""

    NOTHING = 0
    DJANGO = 1
    DATABASE = 2
    AGENCY = 3


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `about` is one line; a hidden one is for other commands, not for people.

    `when_refused` is its exit code where nothing could be done: a mail server reads it.
    """

    name: str
    about: str
    needs: Needs
    hidden: bool = False
    when_refused: int = 1

    @property
    def module(self) -> str:
        name = self.name.replace("-", "_")
        return f"steadyhand.cli.{name}_" if iskeyword(name) else f"steadyhand.cli.{name}"


COMMANDS = {
    command.name: command
    for command in (
        Command("run", "Start everything: web pages and the background worker.", Needs.NOTHING),
        Command("web", "Start the web pages alone.", Needs.NOTHING),
        Command("worker", "Start a background worker alone.", Needs.DATABASE),
        Command("doctor", "Check configuration, database, migrations and background work.", Needs.DJANGO),
        Command(
            "import",
            "Bring in clients, from HubSpot or a table; --check says what would happen.",
            Needs.AGENCY,
        ),
        Command("playbook", "List, show, check, preview and publish playbooks.", Needs.AGENCY),
        Command("plan", "Bring every client's plan up to date with the playbook.", Needs.AGENCY),
        Command("demo", "Load an invented agency to look around in, or remove it.", Needs.DATABASE),
        Command("commitments", "List what is owed between two days.", Needs.AGENCY),
        Command("lead", "Add, list and win leads.", Needs.AGENCY),
        Command("handover", "Where a client's handover stands: owner, due, waits on, since.", Needs.AGENCY),
        Command("metrics", "Bring in a client's figures from a table.", Needs.AGENCY),
        Command("work", "Bring in a client's links, content, advice or scores from a table.", Needs.AGENCY),
        Command("interaction", "Write down what was said to a client.", Needs.AGENCY),
        Command("brief", "What to know before the next call with a client.", Needs.AGENCY),
        Command(
            "agreement",
            "Check that a sealed agreement is still what was signed.",
            Needs.AGENCY,
            when_refused=2,
        ),
        Command(
            "attribution",
            "Which channels led to conversions, from tables of touches and conversions.",
            Needs.DJANGO,
        ),
        Command("ga4", "Bring in what Google Analytics 4 exported to BigQuery.", Needs.AGENCY),
        Command("feed", "Print the calendar of a member or a client.", Needs.AGENCY),
        Command("message", "Queue a mail to a client, from a letter or in your own words.", Needs.AGENCY),
        Command("messages", "List the mail that leaves: state, attempts, to whom.", Needs.AGENCY),
        Command("mail", "Take in mail: one message from a pipe, or by SMTP.", Needs.AGENCY, when_refused=75),
        Command("dips", "Find the dips in a table of daily figures.", Needs.DJANGO),
        Command("report", "Draft, send or print a report to a client.", Needs.AGENCY),
        Command("export", "Write everything out, as CSV and JSON.", Needs.AGENCY),
        Command("link", "Make a link that opens one thing for somebody at a client.", Needs.AGENCY),
        Command("signin-link", "Make a link that signs a member in once.", Needs.AGENCY),
        Command("prepare", "Make ready what the web pages need.", Needs.DJANGO, hidden=True),
    )
}
