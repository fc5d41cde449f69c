# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a person sees of a job that is watched."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from enliterator_core.cli import show
from enliterator_core.cli.chart import chart, curve_of, sparkline

if TYPE_CHECKING:
    from enliterator_core.training import Sight

LOSS = ("train_loss", "training_loss", "loss")
ACCURACY = ("train_accuracy", "train_mean_token_accuracy", "accuracy")


class View:
    """What a watch shows: a line for each new state, event and problem, and one live line where there is a terminal."""

    def __init__(self, terminal: show.Terminal, *, quiet: bool) -> None:
        self._terminal = terminal
        self._quiet = quiet
        self._states: dict[int, str] = {}
        self._problems: set[str] = set()
        self._events: list[Any] = []

    def show(self, sight: "Sight", rows_of: Callable[[list[Any]], list[dict[str, float]]]) -> None:
        """Show what is new since the last look."""
        self._terminal.end()
        for job in sight.jobs:
            if self._states.get(job.id) != job.state:
                self._states[job.id] = job.state
                self._say(f"{job.updated_at}  job {job.id}  {show.plain(job.state)}")
        for event in sight.events:
            if "step" in event.data:  # the curve tells of it
                self._terminal.say(event.message)
                continue
            self._say(f"{event.at}  {show.plain(event.level)}  {show.plain(event.message)}")
        told = {str(problem) for problem in sight.problems}
        for problem in sight.problems:
            if str(problem) not in self._problems:
                show.note(f"{show.plain(problem.message)}; trying again")
        self._problems = told
        self._events += sight.events
        rows = rows_of(self._events)
        live = [f"job {job.id} {job.state}" for job in sight.jobs if not job.ended][:4]
        for label, names in (("loss", LOSS), ("accuracy", ACCURACY)):
            if values := curve_of(rows, *names):
                live.append(f"{label} {values[-1]:.4g} {sparkline(values)}")
        if sight.estimated_finish:
            live.append(f"done at about {sight.estimated_finish}")
        if sight.next_look:
            self._terminal.live("  ".join(live))

    def end(self) -> None:
        """Take the live line away."""
        self._terminal.end()

    def _say(self, text: str) -> None:
        if not self._quiet:
            show.line(text)


def show_curves(rows: Sequence[Mapping[str, float]]) -> None:
    """Print the curves of loss and accuracy, where the rows have them."""
    for label, names in (("loss", LOSS), ("accuracy", ACCURACY)):
        if values := curve_of(rows, *names):
            for line in chart(values, label):
                show.line(line)
