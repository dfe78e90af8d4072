"""The command line: check, report, template, convert."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import human_security as hs

__all__ = ["main"]

_REFUSED = 1
_INTERRUPTED = 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="human-security",
        description="Analysis of human security: check a situation on file, report on it, start one, convert it.",
        epilog="Exit codes: 0 done, 1 refused (the reason is on standard error), 2 wrong usage, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"human-security {hs.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    file_help = "a JSON file, a data package folder, or the name of a shipped example as example:NAME"

    check = commands.add_parser(
        "check",
        help="read a file and say what is thin or missing",
        description="Read an assessment and say what is thin or missing.",
    )
    check.add_argument("file", metavar="FILE", help=file_help)
    check.set_defaults(run=_check)

    report = commands.add_parser(
        "report",
        help="write the report as a page, or print it",
        description="Write the report as one HTML page, or print it as text where no page is named.",
    )
    report.add_argument("file", metavar="FILE", help=file_help)
    report.add_argument("-o", "--output", metavar="PAGE", help="the HTML page to write")
    _add_acknowledge(report)
    report.set_defaults(run=_report)

    template = commands.add_parser(
        "template",
        help="make an empty data package to fill in",
        description="Make an empty data package with its columns explained.",
    )
    template.add_argument("folder", metavar="FOLDER", help="the folder to make")
    template.set_defaults(run=_template)

    convert = commands.add_parser(
        "convert",
        help="write a file as a data package, or the other way",
        description="Read an assessment and write it as a JSON file (OUT.json) or a data package (OUT/).",
    )
    convert.add_argument("input", metavar="IN", help=file_help)
    convert.add_argument("output", metavar="OUT", help="a file that ends in .json, or else a folder")
    _add_acknowledge(convert)
    convert.set_defaults(run=_convert)
    return parser


def _add_acknowledge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--acknowledge",
        metavar="CLASS",
        help="the sensitivity class (restricted, strict), named to acknowledge that such an assessment leaves",
    )


def _load(file: str) -> hs.Assessment:
    kind, _, name = file.partition(":")
    return hs.examples.load(name) if kind == "example" and not os.path.exists(file) else hs.load(file)


def _check(arguments: argparse.Namespace) -> None:
    assessment = _load(arguments.file)
    print(repr(assessment))
    result = assessment.check()
    for row in result.rows():
        subject = f"{row['subject']} {row['id'] or ''}".rstrip()
        print(f"{subject}: {row['finding']} {row['advice'] or ''}".rstrip())
    print(f"no problems; {len(result):,} findings")


def _report(arguments: argparse.Namespace) -> None:
    assessment = _load(arguments.file)
    if arguments.output is None:
        print(assessment.text_report(acknowledgement=arguments.acknowledge))
    else:
        assessment.report(arguments.output, acknowledgement=arguments.acknowledge)
        print(f"wrote {arguments.output}")


def _template(arguments: argparse.Namespace) -> None:
    hs.template(arguments.folder)
    print(f"wrote {arguments.folder}")


def _convert(arguments: argparse.Namespace) -> None:
    _load(arguments.input).save(arguments.output, acknowledgement=arguments.acknowledge)
    print(f"wrote {arguments.output}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        The arguments; those of the process where not given.

    Returns
    -------
    int
        The exit code: 0 done, 1 refused, 130 interrupted. Wrong usage leaves with 2.
    """
    given = _parser().parse_args(arguments)
    try:
        given.run(given)
        sys.stdout.flush()
    except hs.HumanSecurityError as error:
        print(f"human-security: {error}", file=sys.stderr)
        return _REFUSED
    except BrokenPipeError:
        # Whoever read has enough; the interpreter must not flush into the closed pipe at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0
