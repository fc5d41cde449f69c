# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator init` and `enliterator completion`."""

from pathlib import Path

import click

from enliterator_core.cli import show
from enliterator_core.cli.session import Session
from enliterator_core.errors import UsageError

CONFIGURATION = """\
# Laid over the bundled defaults; everything here may be left out.
# `enliterator plugins check` explains every problem in it at once, `enliterator doctor` tells which value won.

[enliterator]
# graph = "sqlite:"     # where graphs are kept: here, .enliterator/graphs/N.db
# records = "sqlite:"   # where batches, settings and builds are kept: here, .enliterator/records.db
# split = "80/10/10"    # percentages of train, validation and test; or two, of train and validation
# seed = 0              # another seed draws other examples
# bundled = false       # start from nothing, without the plugins that come with Enliterator

# A plugin is a module that can be imported, or an entry point of an installed distribution.
# `enliterator plugins list` shows every plugin's settings.

# [[plugin]]
# module = "enliterator_canon_map"
# settings = { negative_share = 0.1 }

# [[plugin]]
# entry_point = "acme"
# as = "acme_eu"        # one plugin may be named twice, under two names
# enabled = false
"""

IGNORED = "# Everything here can be made again, or is this machine's own.\n*\n"


@click.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def init(session: Session, folder: Path) -> None:
    """Make FOLDER (the current one) a workspace: write a plugins.toml with comments."""
    where = session.workspace or folder
    target = where / "plugins.toml"
    if target.exists():
        raise UsageError(f"{target} is there already", hint="enliterator plugins check tells whether it is right")
    try:
        where.mkdir(parents=True, exist_ok=True)
        state = where / ".enliterator"
        state.mkdir(exist_ok=True)
        (state / ".gitignore").write_text(IGNORED, encoding="utf-8")
        with target.open("x", encoding="utf-8") as file:
            file.write(CONFIGURATION)
    except OSError as error:
        raise UsageError(f"{where} cannot be made a workspace: {error.strerror}") from error
    show.line(f"wrote {show.plain(str(target))}")
    show.note("Next: enliterator build SOURCE")


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print a script that completes commands in SHELL.

    For bash: eval "$(enliterator completion bash)" in ~/.bashrc.
    """
    from click.shell_completion import get_completion_class

    from enliterator_core.cli import root

    found = get_completion_class(shell)
    if found is None:
        raise UsageError(f"nothing completes commands in {shell}")
    show.line(found(root, {}, "enliterator", "_ENLITERATOR_COMPLETE").source())
