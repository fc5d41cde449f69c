# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""canon_map: from any way of saying it to the canonical term, its pool and its description.

A request is read by its frame (`reading`), and the lexicon alone decides its answer: so one input has one label, and
what can be read in two ways is left out. Misspellings follow counted frequencies (`slips`).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_canon_map.asking import Asker, Shares
from enliterator_canon_map.drafting import Drafter
from enliterator_canon_map.proving import Prover
from enliterator_canon_map.reading import Reader
from enliterator_core import (
    Draft,
    Grade,
    Graph,
    Sampler,
    TaskType,
    Verdict,
    hookimpl,
    json_answer,
    json_object,
    read_prompt,
)

_PROMPT: Final = read_prompt(__package__)
_PARTS: Final = {"canonical": 0.5, "pool": 0.15, "description": 0.2, "note": 0.15}
#: how much each part counts where the right answer names nothing, so that three nulls alone are worth little
_PARTS_OF_NOTHING: Final = {"canonical": 0.2, "pool": 0.05, "description": 0.05, "note": 0.7}
_WORDS: Final = re.compile(r"\w+")


@frozen
class CanonMap(TaskType):
    """Map a surface form to its canonical term, its pool and its description.

    ``forms_per_term`` and ``negatives_per_term`` bound the examples of one term; ``slip_share`` is the share of terms
    of which a form is asked misspelt, ``unknown_share`` that of entities beside which a name is asked that does not
    exist.
    """

    name = "canon_map"
    system_prompt = _PROMPT.text
    prompt_version = _PROMPT.version
    answer_schema = json_answer(canonical=str | None, pool=str | None, description=str | None, note=str | None)

    forms_per_term: int = field(default=3, validator=ge(1))
    negatives_per_term: int = field(default=1, validator=ge(0))
    slip_share: float = field(default=0.4, validator=[ge(0), le(1)])
    unknown_share: float = field(default=0.2, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts for every entity, source by source, then for the names that several things share."""
        shares = Shares(self.forms_per_term, self.negatives_per_term, self.slip_share, self.unknown_share)
        yield from filter(None, Drafter(graph, Asker(graph, sampler, shares)).batches())

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept only the one answer that the lexicon gives to the one way in which the request can be read."""
        return graph.once(Prover).verdict(draft)

    def verify_batch(self, drafts: Sequence[Draft], graph: Graph) -> list[Verdict]:
        """Verify many drafts at once."""
        verdicts = list(map(graph.once(Prover).verdict, drafts))
        graph.once(Reader).forget()
        return verdicts

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Compare the four values; what should be null must be null, text counts by the words that both have."""
        given, gold = json_object(answer), json_object(draft.assistant)
        if given is None or gold is None or not set(given) & set(gold):
            return Grade(0.0, dict.fromkeys(_PARTS, 0.0))

        def part(key: str) -> float:
            one: Any = given.get(key, 0)
            other: Any = gold.get(key)
            if key in ("canonical", "pool") or one is None or other is None or not isinstance(one, str):
                return float(type(one) is type(other) and one == other)
            return _likeness(one, str(other))

        parts = {key: part(key) for key in _PARTS}
        # A null that comes with a wrong canonical name is no merit of its own.
        if not parts["canonical"]:
            parts = {key: 0.0 if gold.get(key) is None else value for key, value in parts.items()}
        weights = _PARTS if gold.get("canonical") is not None else _PARTS_OF_NOTHING
        score = min(1.0, sum(weights[key] * value for key, value in parts.items()))
        return Grade(score if set(given) == set(gold) else 0.9 * score, parts)  # no key is to be made up


def _likeness(one: str, other: str) -> float:
    """Return the harmonic mean of how many words of one text are in the other, both ways (F1 of words).

    The same words in another order may say something else, so that they are not quite the same text.
    """
    if one == other:
        return 1.0
    words, others = Counter(_WORDS.findall(one.casefold())), Counter(_WORDS.findall(other.casefold()))
    both = (words & others).total()
    return min(0.95, 2 * both / (words.total() + others.total())) if both else 0.0


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add canon_map."""
    return [CanonMap]
