# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How good a free answer is: its decision, its content, and whom it credits."""

import re
from collections import Counter
from typing import Final

from enliterator_core import Draft, Grade, Graph
from enliterator_rights_style.licences import credit, licence_of

_WORD: Final = re.compile(r"\w+")
_NO: Final = re.compile(
    r"\s*(?:no\b|i (?:cannot|can't|can not|must not|may not|am not able)|sorry\b|unfortunately)", re.I
)
_QUOTED: Final = re.compile(r'^(?:"(?P<prose>.*)"|```\n(?P<code>.*)\n```)$', re.DOTALL)
_WEIGHTS: Final = {"decision": 0.25, "content": 0.45, "attribution": 0.3}
_LEAST: Final = 0.2
#: what is said in other words, in another order or case, or with more beside it, is not quite the right answer
_NEARLY: Final = 0.9


def grade(draft: Draft, answer: str, graph: Graph) -> Grade:
    """Score an answer in three parts; one that says withheld words, or hardly anything to the point, scores 0."""
    parts = dict.fromkeys(_WEIGHTS, 0.0)
    path = draft.withheld or (draft.spans[0].source if draft.spans else "")
    if path not in graph.sources or not answer.strip():
        return Grade(0.0, parts)
    if answer.strip() == draft.assistant.strip():
        return Grade(1.0, dict.fromkeys(_WEIGHTS, 1.0))
    rights = graph.rights_of(path)
    said = [graph.text(span) for span in draft.spans]
    said += [path, *(one for one in (rights.license, rights.holder, rights.statement, rights.reason) if one)]
    if graph.leaks(answer, *([draft.withheld] if draft.withheld else []), besides=[*said, draft.user]):
        return Grade(0.0, parts)
    body, _, _ = draft.assistant.partition(f"\n\n{credit(path, rights)}")
    content = _content(body, answer.replace(credit(path, rights), ""))
    if content < _LEAST:
        return Grade(0.0, parts)
    told = (path, licence_of(rights), rights.holder or "")
    wanted = [one.casefold() for one in told if one and one.casefold() in draft.assistant.casefold()]
    parts["content"] = content
    parts["decision"] = float(bool(_NO.match(draft.assistant)) == bool(_NO.match(answer)))
    parts["attribution"] = sum(one in answer.casefold() for one in wanted) / len(wanted) if wanted else 1.0
    if body != draft.assistant and credit(path, rights) not in answer:
        parts["attribution"] *= _NEARLY
    return Grade(sum(weight * parts[name] for name, weight in _WEIGHTS.items()), parts)


def _content(gold: str, given: str) -> float:
    """Return how much of the right answer's words are given, and of the given ones are right (F1), 0 to 1.

    Of a quotation, what matters is that it stands there word for word, between its marks, with nothing stated beside.
    """
    if given.strip() == gold.strip():
        return 1.0
    quotation = _QUOTED.match(gold)
    if quotation is not None:
        words = " ".join((quotation["prose"] or quotation["code"] or "").split())
        before, found_there, after = " ".join(given.split()).partition(" ".join(gold.split()))
        if found_there:
            return _NEARLY if _states(before) or _states(after) else 1.0
        if words and words in " ".join(given.split()):
            return _NEARLY
    right, found = Counter(_words(gold)), Counter(_words(given))
    common = (right & found).total()
    score = min(_NEARLY, 2 * common / (right.total() + found.total())) if common else 0.0
    return 0.5 * score if quotation is not None else score


def _states(text: str) -> bool:
    """Say whether words around a quotation state something, as `Here it is:` does not."""
    return _WORD.search(text) is not None and not text.rstrip().endswith(("!", "?", ":"))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
