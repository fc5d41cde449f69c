# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a graph calls things: by a form, by the bare part of a name, by mistake."""

import re
from typing import Final

from enliterator_core import Entity, Graph, fold

_QUALIFIED: Final = re.compile(r"(.+?) \([^()]+\)\Z", re.DOTALL)
_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+\Z")
_FILE: Final = re.compile(r"\.[a-z0-9]{1,4}\Z")
_MOST_TOLD: Final = 3
_REMEMBERED: Final = 8192


def bare(name: str) -> str | None:
    """Return what a name is called where it is clear which is meant: without brackets, folder or module; else None."""
    if match := _QUALIFIED.match(name):
        return match[1]
    if "/" in name:
        part = name.rpartition("/")[2]
    elif _DOTTED.match(name) and not (name.count(".") == 1 and _FILE.search(name)):
        part = name.rpartition(".")[2]
    else:
        return None
    return part if any(map(str.isalpha, part)) else None


def mistaken_for(graph: Graph) -> dict[str, list[str]]:
    """Return the ids of the entities that each folded form is mistaken for."""
    found: dict[str, list[str]] = {}
    for id, term in graph.terms.items():
        for form in term.negative_forms:
            found.setdefault(fold(form), []).append(id)
    return found


def bare_names(graph: Graph) -> dict[str, list[str]]:
    """Return the ids of the entities that have each folded bare name, in the graph's order."""
    found: dict[str, list[str]] = {}
    for id, entity in graph.entities.items():
        if part := bare(entity.name):
            found.setdefault(fold(part), []).append(id)
    return found


def owners(graph: Graph, form: str) -> list[str]:
    """Return the ids of what a form stands for: of what is called so, else of what has it as its bare name."""
    memory = graph.once(_memory)
    found = memory.get(form)
    if found is None:
        if len(memory) >= _REMEMBERED:
            memory.clear()
        known = [entity.id for entity in graph.called(form)] if _may_be_known(graph, form) else []
        found = memory[form] = known or graph.once(bare_names).get(fold(form), [])
    return found


def _may_be_known(graph: Graph, form: str) -> bool:
    """Say whether a form is one word, or begins as a known one of several does: most questions do not."""
    words = form.split(None, 1)
    return len(words) < 2 or words[0].casefold() in graph.once(_first_words)


def _first_words(graph: Graph) -> set[str]:
    """Return the first words, folded, of all names and surface forms that have several."""
    forms = [entity.name for entity in graph.entities.values()]
    for term in graph.terms.values():
        forms += term.surface_forms
    return {words[0].casefold() for form in forms if len(words := form.split(None, 1)) > 1}


def written(graph: Graph, id: str, folded: str) -> str:
    """Return a folded form of an entity as its name or its term writes it."""
    name, term = graph.entities[id].name, graph.terms.get(id)
    forms = (name, *(term.surface_forms if term else ()), bare(name) or name)
    return next((form for form in forms if fold(form) == folded), folded)


def _memory(graph: Graph) -> dict[str, list[str]]:
    """Return what the latest forms stand for: most are looked up a few times in a row."""
    return {}


def description_of(graph: Graph, entity: Entity) -> str:
    """Return an entity's description on one line, the term's before its own; empty where there is none."""
    term = graph.terms.get(entity.id)
    return " ".join(((term.description if term else "") or entity.description).split())


def told(graph: Graph, entity: Entity) -> str:
    """Return a sentence's worth of what an entity is: kind, name, pool, and its description."""
    words = description_of(graph, entity)
    text = f"{entity.mention} ({entity.pool})" + (f": {words}" if words else "")
    return text if text.endswith((".", "!", "?")) else f"{text}."


def shown(graph: Graph, ids: list[str]) -> list[Entity]:
    """Return the first few of the entities that share a form: those that an answer tells of."""
    return [graph.entities[id] for id in ids[:_MOST_TOLD]]


def listed(graph: Graph, ids: list[str]) -> str:
    """Return the entities that share a form as one list: the first few by name, the others counted."""
    names = [f"{entity.mention} ({entity.pool})" for entity in shown(graph, ids)]
    if more := len(ids) - len(names):
        names.append(f"{more:,} more")
    return ", ".join(names[:-1]) + f" and {names[-1]}"
