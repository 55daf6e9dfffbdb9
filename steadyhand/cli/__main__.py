"""The command line: `steadyhand COMMAND`.

Exit codes: 0 done, 1 refused, 2 wrong usage or settings. Standard output carries only the answer.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from importlib import import_module

from steadyhand import __version__
from steadyhand.cli import output
from steadyhand.cli.registry import COMMANDS, Command, Needs
from steadyhand.config import Config, ConfigError, unknown_variables

DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130

EXAMPLES = """\
examples:
  steadyhand run                      start it, with a demo agency the first time
  steadyhand run --empty              start it and set up your own agency
  steadyhand doctor                   what is configured, and is it well?
  steadyhand COMMAND --help           what a command takes, with examples

Settings are environment variables; docs/settings.md lists them.
Exit codes: 0 done, 1 refused, 2 wrong usage or settings."""


def main(argv: list[str] | None = None) -> int:
    """Run one command line; its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        return _run(arguments)
    except ConfigError as error:
        output.say(f"steadyhand: {error}")
        named = COMMANDS.get(arguments[0]) if arguments else None
        return named.when_refused if named and named.when_refused != REFUSED else USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our answer had enough (`| head`); nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _run(arguments: list[str]) -> int:
    name = arguments[0] if arguments else ""
    if name not in COMMANDS:
        _front_parser().parse_args(arguments or ["--help"])
        return USAGE
    command = COMMANDS[name]
    if command.needs is Needs.NOTHING:
        return _call(command, arguments[1:])
    return _with_django(command, arguments[1:])


def _with_django(command: Command, arguments: list[str]) -> int:
    _set_up_django()
    from django.db.utils import OperationalError

    from steadyhand.cli import readiness
    from steadyhand.core.refusals import Refusal

    try:
        asks_help = bool({"-h", "--help"} & set(arguments))
        if command.needs >= Needs.DATABASE and not asks_help:
            readiness.migrate()
        if command.needs >= Needs.AGENCY and not asks_help:
            readiness.found_agency()
        return _call(command, arguments)
    except Refusal as refusal:
        output.say(f"steadyhand: {refusal}")
        return command.when_refused
    except OperationalError as error:
        output.say(f"steadyhand: the database does not answer: {str(error).strip()}")
        return command.when_refused


def _set_up_django() -> None:
    Config.read()
    for sentence in unknown_variables():
        output.say(f"steadyhand: {sentence}")
    # Whatever the caller's shell says: these are the settings of this program.
    os.environ["DJANGO_SETTINGS_MODULE"] = "steadyhand.settings"
    import django

    django.setup()


def _call(command: Command, arguments: list[str]) -> int:
    module = import_module(command.module)
    parser = argparse.ArgumentParser(
        prog=f"steadyhand {command.name}",
        description=command.about,
        epilog=f"examples:\n{module.EXAMPLES}" if module.EXAMPLES else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.arguments(parser)
    code: int | None = module.run(parser.parse_args(arguments))
    sys.stdout.flush()
    return code or DONE


def _front_parser() -> argparse.ArgumentParser:
    shown = [command for command in COMMANDS.values() if not command.hidden]
    width = max(len(command.name) for command in shown)
    table = "\n".join(f"  {command.name:<{width}}  {command.about}" for command in shown)
    parser = argparse.ArgumentParser(
        prog="steadyhand",
        description="The operating system of an agency's client-services team.",
        epilog=f"commands:\n{table}\n\n{EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"steadyhand {__version__}")
    parser.add_argument("command", choices=[command.name for command in shown], metavar="COMMAND")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
