# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From a task's drafts to examples: checked, verified by the task, completed with rights, and spilled to a file."""

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import define, field

from enliterator_core.contracts.storage import GraphStorage
from enliterator_core.contracts.task_type import TaskType, Verdict
from enliterator_core.dataset.checks import Checks
from enliterator_core.dataset.languages import language_of
from enliterator_core.dataset.limits import TimeIsUp, time_limit
from enliterator_core.dataset.parts import Parts
from enliterator_core.dataset.plan import Thin
from enliterator_core.dataset.settings import DatasetSettings, TaskProblem
from enliterator_core.dataset.spill import Spill, rights_fragment
from enliterator_core.dataset.tokens import count_tokens, is_longer, overhead
from enliterator_core.errors import InterruptedBuild
from enliterator_core.graph import Graph, Kept
from enliterator_core.graph.memory import give_back
from enliterator_core.nouns import Rights, group_of

#: of so many examples the language of one is told, where none is refused
_LOOKED_AT: Final = 64
_DRAFTS: Final = 500_000  # that a task may make of any graph,
_DRAFTS_PER_ENTITY: Final = 10  # and of each entity of a large one: canon_map makes five
_KEPT_GROUPS: Final = 1 << 13  # a task mostly goes on with the anchors that it had last


@define
class Made:
    """What one task type made: how many examples, what was dropped by reason, and what went wrong.

    ``rights`` is what the examples' codes stand for, ``languages`` counts those that were looked at.
    """

    task: str
    examples: int = 0
    rights: Sequence[Rights] = ()
    drafts: int = 0
    dropped: Counter[str] = field(factory=Counter)
    languages: Counter[str] = field(factory=Counter)
    problems: list[TaskProblem] = field(factory=list)

    def problem(self, message: str) -> None:
        """Keep what went wrong, in one line."""
        self.problems.append(TaskProblem(self.task, " ".join(message.split())[:500]))


class Maker:
    """Has task types make examples from one graph, each into a file of its own in a folder."""

    def __init__(
        self,
        graph: Graph,
        settings: DatasetSettings,
        thin: Thin,
        folder: Path,
        stop: threading.Event,
        reopen: Callable[[], GraphStorage] | None = None,
    ) -> None:
        self.graph = graph
        self.settings = settings
        self.folder = folder
        self._thin = thin
        self._stop = stop
        self._reopen = reopen
        self._process = os.getpid()
        self._checks = Checks(graph, settings)
        self._groups: Kept[str, str] = Kept(group_of, _KEPT_GROUPS)
        self._fragments: list[str] = []
        self._prompts: dict[str, int] = {}

    def make(self, task: TaskType) -> Made:
        """Have one task type generate and verify; what it raises, and what does not end, ends this task alone.

        What was verified before an exception is kept. A task that runs out of time gives nothing, since how far it
        came depends on the machine. Raises InterruptedBuild when a person has asked to stop.
        """
        if self._reopen is not None and os.getpid() != self._process:
            # A connection must not be used on both sides of a fork.
            self.graph.storage, self._process = self._reopen(), os.getpid()
        made = Made(task.name)
        spill = Spill(self.folder / task.name, task.name, task.system_prompt)
        out_of_time = False
        try:
            with time_limit(self.settings.task_seconds):
                self._take_all(made, task, spill)
        except TimeIsUp:
            out_of_time = True
        except InterruptedBuild:
            raise
        except Exception as error:  # noqa: BLE001  a plugin may raise anything; it is kept and told with the result
            made.problem(f"raised {type(error).__name__}: {error}; {len(spill)} examples before that were kept")
        finally:
            spill.close()
            self.graph.let_go()  # the next task needs the room, and makes what it needs itself
            give_back(len(spill))
        if out_of_time:
            made.problem(f"did not end within {self.settings.task_seconds:g} s: nothing of it was used")
            made.dropped["task_out_of_time"] += len(spill)
        else:
            made.examples, made.rights = len(spill), tuple(self._checks.rights)
        if refused := made.dropped["not_verified"]:
            made.problem(f"its own verifier refused {refused} of its drafts")
        return made

    def _take_all(self, made: Made, task: TaskType, spill: Spill) -> None:
        most = self.settings.max_drafts or max(_DRAFTS, _DRAFTS_PER_ENTITY * len(self.graph.entities))
        for batch in task.generate(self.graph, self._checks.sampler()):
            if self._stop.is_set():
                raise InterruptedBuild("stopped", hint="run the same command again to go on where it stopped")
            made.drafts += len(batch)
            if made.drafts > most:
                made.problem(f"made more than {most} drafts: the rest was left")
                break
            self._take(made, task, batch, spill)

    def _take(self, made: Made, task: TaskType, batch: Sequence[Any], spill: Spill) -> None:
        """Check and verify a batch, and write what holds."""
        troubles, parts = self._checks.checked(batch)
        made.dropped.update(trouble for trouble in troubles if trouble)
        sound = [draft for draft, trouble in zip(batch, troubles, strict=True) if not trouble]
        verdicts = task.verify_batch(sound, self.graph) if sound else []
        if len(verdicts) != len(sound) or not all(isinstance(verdict, Verdict) for verdict in verdicts):
            raise TypeError(
                f"verify_batch answered {len(sound)} drafts with {len(verdicts)} verdicts, or with something else"
            )
        holds = [number for number, one in enumerate(verdicts) if one.holds is True and type(one.words) is str]
        made.dropped["not_verified"] += len(sound) - len(holds)
        words, parts = [verdicts[number].words for number in holds], parts.those(holds)
        unfit = dict(self._unfit(made, task.system_prompt, parts))
        made.dropped.update(unfit.values())
        if unfit:
            fits = [number for number in range(len(parts)) if number not in unfit]
            words, parts = [words[number] for number in fits], parts.those(fits)
        if words:
            self._write(parts, words, spill)

    def _unfit(self, made: Made, system: str, parts: Parts) -> Iterator[tuple[int, str]]:
        """Yield which drafts are too long, and which are in a language that is not wanted; count languages."""
        # No character is more than four bytes, and no token less than one.
        short = (self.settings.max_tokens - overhead(3)) // 4 - len(system)
        most, wanted = self.settings.max_tokens, self.settings.languages
        for number, (user, answer) in enumerate(zip(parts.users, parts.answers, strict=True)):
            length = len(answer)
            if len(user) + length > short and is_longer((system, user, answer), most):
                yield number, "too_long"
            elif wanted or not length % _LOOKED_AT:
                language = language_of(f"{user}\n{answer}")
                made.languages[language] += 1
                if wanted and language not in (*wanted, "und"):
                    yield number, "language"

    def _write(self, parts: Parts, words: Sequence[str], spill: Spill) -> None:
        for code in range(len(self._fragments), len(self._checks.rights)):
            self._fragments.append(rights_fragment(self._checks.rights[code]))
        groups = [self._groups[anchor] for anchor in parts.anchors]
        spill.add(parts, words, groups, self._fragments)
        spill.note(parts, self._thin.codes(parts), self._tokens(spill.system, parts), self._checks.sources)

    def _tokens(self, system: str, parts: Parts) -> list[int]:
        """Return how many tokens each example has, 0 where they are not asked for."""
        if not self.settings.tokens:
            return [0] * len(parts)
        if system not in self._prompts:
            self._prompts[system] = count_tokens(system) + overhead(3)
        prompt, texts = self._prompts[system], zip(parts.users, parts.answers, strict=True)
        return [prompt + count_tokens(user) + count_tokens(answer) for user, answer in texts]
