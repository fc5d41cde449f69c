# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Stage 1, intake: files and commits become sources and masked documents; hostile input is refused by name."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from attrs import field, frozen
from attrs.validators import ge
from pathspec import GitIgnoreSpec

from enliterator_core import UNKNOWN_TIME, Context, Stage, StageResult, UsageError, fingerprint, hookimpl
from enliterator_intake.rows import importer_of, take_rows
from enliterator_intake.taking import Run


@frozen
class Intake(Stage):
    """Take in folders, files, the git history of folders that have one, and graphs.

    Left out without a word: what `.gitignore` files and `exclude` (patterns of the same form) leave out, version
    control's folders and the workspace's own. Refused by name: links, devices, what is larger than `max_file_bytes`,
    what no reader reads, odd names, and what is beyond `max_files` or `max_total_bytes`. Of a git history the newest
    `max_commits` are taken.
    """

    name = "intake"

    max_file_bytes: int = field(default=16 * 2**20, validator=ge(1))
    max_files: int = field(default=200_000, validator=ge(1))
    max_total_bytes: int = field(default=4 * 2**30, validator=ge(1))
    max_commits: int = field(default=2_000, validator=ge(0))
    exclude: tuple[str, ...] = ()

    def run(self, context: Context) -> StageResult:
        """Write sources without rights and masked documents, files in the order of their paths, then commits."""
        run = Run(
            context,
            self.max_file_bytes,
            self.max_files,
            self.max_total_bytes,
            self.max_commits,
            GitIgnoreSpec.from_lines(self.exclude),
        )
        graphs = {one: importer for one in context.origins if (importer := importer_of(context, one)) is not None}
        for prefix, root in _roots([one for one in context.origins if one not in graphs]):
            run.scan(prefix, root)
        # The core's own code decides what is masked and how documents are kept.
        plugins = (self, UNKNOWN_TIME, *context.readers)
        run.take_in(version=" ".join(fingerprint(one) for one in plugins))
        taken = [
            path
            for origin, importer in graphs.items()
            for path in take_rows(run, importer.read(origin, context.mapping, context.refuse))
        ]
        context.pieces.keep_only("import", taken)
        context.pieces.commit()
        run.finish()
        return run.result()


def _roots(origins: Sequence[str]) -> list[tuple[str, Path]]:
    """Return each SOURCE with what stands in front of its paths: nothing for one alone, else its name."""
    roots = [Path(origin) for origin in origins]
    for root in roots:
        if not root.exists():
            raise UsageError(f"{root} does not exist", hint="name a folder or a file to build from")
    if len(roots) <= 1:
        return [("", root) for root in roots]
    names = [root.resolve().name for root in roots]
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise UsageError(f"two sources are called {twice[0]}", hint="build the folder above them, or rename one")
    return [(name + "/" if root.is_dir() else "", root) for name, root in zip(names, roots, strict=True)]


@hookimpl
def register_stages() -> list[type[Stage]]:
    """Add intake."""
    return [Intake]
