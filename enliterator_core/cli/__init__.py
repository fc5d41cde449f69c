# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The command line.

Exit codes: 0 done; 1 done, with failures that were handled and told; 2 the call or the configuration is wrong; 3 a gate
said no; 4 a provider, a server or the machine failed, or Enliterator itself has a fault; 130 interrupted.
"""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from enliterator_core.cli import show
from enliterator_core.cli.plugin_commands import RootGroup
from enliterator_core.cli.session import Session
from enliterator_core.contracts.command import Command
from enliterator_core.errors import EnliteratorError, InterruptedBuild, ServiceError, UsageError

_HERE = "enliterator_core.cli"

COMMANDS = (
    Command("init", "Make this folder a workspace: write a plugins.toml with comments.", f"{_HERE}.workspace:init"),
    Command("build", "Make sources literate: from a folder to fine-tuning data.", f"{_HERE}.build:build"),
    Command("batches", "List what was built.", f"{_HERE}.batches:batches"),
    Command("status", "Tell how a batch stands: stages, refused and quarantined files.", f"{_HERE}.batches:status"),
    Command("literacy", "Show a batch's score and the counts that it was made of.", f"{_HERE}.batches:literacy"),
    Command("gaps", "List what a batch lacks, and what would close each gap.", f"{_HERE}.batches:gaps"),
    Command("report", "Tell where a batch's report page is.", f"{_HERE}.batches:report"),
    Command("export", "Write a batch's graph or dataset in another format.", f"{_HERE}.export:export"),
    Command("dataset", "Build, check and look at fine-tuning data.", f"{_HERE}.dataset:dataset"),
    Command("plugins", "List, check and start plugins.", f"{_HERE}.plugins:plugins"),
    Command("settings", "Say which model serves what, and see who changed it.", f"{_HERE}.settings:settings"),
    Command("providers", "List the providers of models, and what each can do.", f"{_HERE}.models:providers"),
    Command("models", "List models: abilities, prices with their date, and when they end.", f"{_HERE}.models:models"),
    Command("usage", "Show what calls of models took: tokens, time, price, errors.", f"{_HERE}.models:usage"),
    Command("train", "Train a model on a dataset: quote, checks, one job.", f"{_HERE}.train:train"),
    Command("jobs", "Follow training jobs, and see what they are made of.", f"{_HERE}.jobs:jobs"),
    Command("deploy", "Let a model serve tasks.", f"{_HERE}.deployments:deploy"),
    Command("deployments", "List every switch of a model that serves a task.", f"{_HERE}.deployments:deployments"),
    Command("rollback", "Give tasks back to what served them before.", f"{_HERE}.deployments:rollback"),
    Command("withdraw", "Name all that was made from a source, and build without it.", f"{_HERE}.withdraw:withdraw"),
    Command("doctor", "Check this machine and workspace, and where each value comes from.", f"{_HERE}.doctor:doctor"),
    Command("completion", "Print a script that completes commands in a shell.", f"{_HERE}.workspace:completion"),
)


def _version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from importlib.metadata import version

        show.line(f"enliterator {version('enliterator')}")
        context.exit()


@click.group(cls=RootGroup, declared=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    is_eager=True,
    metavar="FOLDER",
    help="The workspace: by default $ENLITERATOR_WORKSPACE, else the nearest folder upward with a plugins.toml, "
    "else the current one.",
)
@click.option("--quiet", "-q", is_flag=True, help="Show no progress and no notes.")
@click.option("--verbose", "-v", is_flag=True, help="Tell details on stderr.")
@click.option("--traceback", is_flag=True, help="Show where in the code an error arose.")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@click.pass_context
def root(context: click.Context, workspace: Path | None, quiet: bool, verbose: bool, traceback: bool) -> None:
    """Make a dataset literate: a knowledge graph with sources and rights, measured, and fine-tuning data from it."""
    context.obj = Session(workspace, quiet=quiet, verbose=verbose)


def run(arguments: Sequence[str]) -> int:
    """Run one command line (without the program's name) and return its exit code; never raises."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a file name may hold bytes that are no text
    try:
        code = root.main(list(arguments), prog_name="enliterator", standalone_mode=False)
    except click.Abort:
        return _told(InterruptedBuild("stopped"), arguments)
    except click.ClickException as problem:
        return _told(_usage(problem), arguments)
    except EnliteratorError as problem:
        return _told(problem, arguments)
    except Exception as problem:  # noqa: BLE001  whatever a plugin or we ourselves did wrong ends as one line
        return _told(_fault(problem), arguments)
    return code if isinstance(code, int) else 0


def _usage(problem: click.ClickException) -> EnliteratorError:
    context = getattr(problem, "ctx", None)
    hint = f"{context.command_path} --help tells how to call it" if context is not None else None
    error = UsageError(problem.format_message() or "nothing to do", hint=hint)
    error.__cause__ = problem
    return error


def _fault(problem: Exception) -> EnliteratorError:
    message = f"this is a fault in Enliterator or in a plugin: {type(problem).__name__}: {problem}"
    error = ServiceError(message.split("\n")[0], hint="run it again as: enliterator --traceback ... and report that")
    error.__cause__ = problem
    return error


def _told(problem: EnliteratorError, arguments: Sequence[str]) -> int:
    if "--traceback" in arguments:
        from traceback import format_exception

        from enliterator_core.redaction import mask

        text = mask("".join(format_exception(problem)).rstrip())[0]  # a server's answer may repeat the key
        for name, value in os.environ.items():
            if len(value) > 7 and re.search("KEY|SECRET|TOKEN|PASSWORD", name):
                text = text.replace(value, "***")
        show.note(text)
    show.error(problem)
    return problem.exit_code


def main() -> None:
    """Run the command line of this process and end with its exit code."""
    sys.exit(run(sys.argv[1:]))
