# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From a task's drafts to examples: completed with system prompt and rights, cleaned, and verified by the task."""

import re
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from attrs import define, field

from enliterator_core.contracts.sampler import Sampler
from enliterator_core.contracts.task_type import Draft, TaskType, Verdict
from enliterator_core.dataset.limits import TimeIsUp, time_limit
from enliterator_core.dataset.settings import DatasetSettings, TaskProblem, shares_of
from enliterator_core.dataset.split import split_of
from enliterator_core.dataset.tokens import is_longer
from enliterator_core.errors import InterruptedBuild
from enliterator_core.graph import Graph
from enliterator_core.nouns import Example, Rights, Span, group_of, strictest
from enliterator_core.redaction import MASK, find_secrets

#: the rights of an example that reproduces nothing of any source: an absence, a refusal
NOTHING_REPRODUCED: Final = Rights(
    None, "reproduces nothing of a source", None, "statement", 1, True, True, None, False, None
)

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_WORDY: Final = re.compile(r"[^\W_]")


@define
class Made:
    """What one task type made: its examples, what was dropped by reason, and what went wrong."""

    task: TaskType
    examples: dict[str, Example] = field(factory=dict)
    dropped: Counter[str] = field(factory=Counter)
    problems: list[TaskProblem] = field(factory=list)

    def problem(self, message: str) -> None:
        """Keep what went wrong, in one line."""
        self.problems.append(TaskProblem(self.task.name, " ".join(message.split())))


class Completer:
    """Completes and checks drafts against one graph; what is not in order is named by a word for its reason."""

    def __init__(self, graph: Graph, settings: DatasetSettings) -> None:
        self.graph = graph
        self.settings = settings
        self._lengths: dict[str, int] = {}
        self._rights: dict[tuple[str, ...], Rights] = {}

    def trouble(self, draft: Any) -> str | None:
        """Return why a draft cannot become an example, before its task verifies it; None when it can."""
        if not _is_draft(draft):
            return "malformed"
        if not draft.spans and draft.absence is None and draft.withheld is None:
            return "unsourced"
        if not all(self._opens(span) for span in draft.spans):
            return "span_does_not_open"
        if draft.withheld is not None and draft.withheld not in self.graph.sources:
            return "unsourced"
        if not self.rights(draft).trainable:
            return "not_trainable"
        return self._text_trouble(draft)

    def _text_trouble(self, draft: Draft) -> str | None:
        text = f"{draft.user}\n{draft.assistant}"
        if _UNPRINTABLE.search(text):
            return "unprintable"
        if len(_WORDY.findall(draft.assistant[:200])) < 2 or not draft.user.strip() or draft.assistant == draft.user:
            return "trivial"
        if MASK in text or find_secrets(text):
            return "secret"
        return "withheld_text" if self._leaks(draft, text) else None

    def _leaks(self, draft: Draft, text: str) -> bool:
        withheld = () if draft.withheld is None else (draft.withheld,)
        if self.graph.leaks(text, *withheld) is None:
            return False
        # A refusal may say the path, holder and licence; what the example's own sources say may be said as well.
        allowed = [self.graph.text(span) for span in draft.spans]
        for path in withheld:
            rights = self.graph.rights_of(path)
            allowed += [
                path,
                *(part for part in (rights.license, rights.holder, rights.statement, rights.reason) if part),
            ]
        return self.graph.leaks(text, *withheld, besides=allowed) is not None

    def _opens(self, span: Span) -> bool:
        if span.source not in self.graph.sources:
            return False
        if span.source not in self._lengths:
            self._lengths[span.source] = len(self.graph.document(span.source).text)
        return 0 <= span.start < span.end <= self._lengths[span.source]

    def sampler(self) -> Sampler:
        """Return the sampler for one task, which knows the splits that anchors fall into."""
        shares = shares_of(self.settings.split)
        return Sampler(self.settings.seed, lambda anchor: split_of(group_of(anchor), shares))

    def rights(self, draft: Draft) -> Rights:
        """Return the strictest rights among the sources that the draft reproduces."""
        sources = tuple(sorted({span.source for span in draft.spans}))
        if not sources:
            return NOTHING_REPRODUCED
        if sources not in self._rights:
            self._rights[sources] = strictest(self.graph.rights_of(path) for path in sources)
        return self._rights[sources]

    def example(self, task: TaskType, draft: Draft, verdict: Verdict) -> Example | None:
        """Return the whole example, or None when it is longer than one may be."""
        if is_longer((task.system_prompt, draft.user, draft.assistant), self.settings.max_tokens):
            return None
        return Example(
            task.name,
            task.system_prompt,
            draft.user,
            draft.assistant,
            draft.anchor,
            draft.entities,
            draft.relations,
            draft.spans,
            self.rights(draft),
            verdict.words,
            draft.absence,
            draft.withheld,
        )


def _is_draft(draft: Any) -> bool:
    """Say whether this is a draft whose every part has its type; plugins may yield anything."""
    return (
        isinstance(draft, Draft)
        and all(isinstance(text, str) for text in (draft.user, draft.assistant, draft.anchor))
        and all(text is None or isinstance(text, str) for text in (draft.absence, draft.withheld))
        and all(isinstance(part, tuple) for part in (draft.entities, draft.relations, draft.spans))
        and all(isinstance(id, str) for id in draft.entities)
        and all(isinstance(key, tuple) and len(key) == 3 for key in draft.relations)
        and all(isinstance(span, Span) and type(span.start) is type(span.end) is int for span in draft.spans)
        and bool(draft.anchor)
    )


def make(task: TaskType, completer: Completer, stop: threading.Event) -> Made:
    """Have one task type generate and verify; what it raises, and what does not end, ends this task alone.

    What was verified before an exception is kept. A task that runs out of time gives nothing, since how far it came
    depends on the machine. Raises InterruptedBuild when a person has asked to stop.
    """
    made = Made(task)
    count = 0
    try:
        with time_limit(completer.settings.task_seconds):
            for batch in task.generate(completer.graph, completer.sampler()):
                if stop.is_set():
                    raise InterruptedBuild("stopped", hint="run the same command again to go on where it stopped")
                count += len(batch)
                if count > completer.settings.max_drafts:
                    made.problem(f"made more than {completer.settings.max_drafts} drafts: the rest was left")
                    break
                _take(made, batch, completer)
    except TimeIsUp:
        made.problem(f"did not end within {completer.settings.task_seconds:g} s: nothing of it was used")
        made.dropped["task_out_of_time"] += len(made.examples)
        made.examples.clear()
    except InterruptedBuild:
        raise
    except Exception as error:  # noqa: BLE001  a plugin may raise anything; it is kept and told with the result
        made.problem(f"raised {type(error).__name__}: {error}; {len(made.examples)} examples before that were kept")
    if refused := made.dropped["not_verified"]:
        made.problem(f"its own verifier refused {refused} of its drafts")
    return made


def _take(made: Made, batch: Sequence[Any], completer: Completer) -> None:
    """Verify a batch and keep what holds."""
    sound: list[Draft] = []
    for draft in batch:
        if trouble := completer.trouble(draft):
            made.dropped[trouble] += 1
        else:
            sound.append(draft)
    verdicts = made.task.verify_batch(sound, completer.graph) if sound else []
    if len(verdicts) != len(sound) or not all(isinstance(verdict, Verdict) for verdict in verdicts):
        raise TypeError(
            f"verify_batch answered {len(sound)} drafts with {len(verdicts)} verdicts, or with something else"
        )
    for draft, verdict in zip(sound, verdicts, strict=True):
        if verdict.holds is not True:
            made.dropped["not_verified"] += 1
            continue
        example = completer.example(made.task, draft, verdict)
        if example is None:
            made.dropped["too_long"] += 1
        elif example.id in made.examples:
            made.dropped["duplicate"] += 1
        else:
            made.examples[example.id] = example
