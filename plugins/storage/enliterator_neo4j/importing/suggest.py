# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Proposes a mapping from what a graph holds: by the words of its names, and by what its properties look like."""

import re
import tomllib
from collections.abc import Mapping as Table
from collections.abc import Set
from functools import cache
from importlib.resources import files
from typing import Any, Final

from enliterator_core import phrase_of
from enliterator_neo4j.importing.mapping import Label, Mapping, Type, fits
from enliterator_neo4j.importing.names import in_words, is_key, local, words_of
from enliterator_neo4j.importing.rows import text_of
from enliterator_neo4j.importing.survey import LabelSurvey, Survey, TypeSurvey

_OFTEN: Final = 0.8
_REPEATED: Final = 0.3
_MOST_DESCRIBE: Final = 3
_SINGLE: Final = ("time", "url", "license", "holder")
_ENOUGH: Final = 2


@cache
def _predicates() -> dict[str, str]:
    found = tomllib.loads(files(__package__).joinpath("rdf.toml").read_text(encoding="utf-8"))
    return dict(found["verbs"])


@cache
def _meanings() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath("meanings.toml").read_text(encoding="utf-8"))


def suggest(survey: Survey) -> Mapping:
    """Return a mapping for every label and type; the rarer labels first, since they say more of a node."""
    ordered = sorted(survey.labels.items(), key=lambda one: (one[1].count, one[0]))
    labels = {name: _label(name, one) for name, one in ordered}
    mapping = Mapping(labels)
    types = {name: Type(_verb(name, one, mapping)) for name, one in survey.types.items()}
    return Mapping(labels, types)


def pool_of(label: str) -> str:
    """Return the pool that a label's words speak of, the last word first: a PlaceName is a name."""
    for word in reversed(words_of(local(label))):
        for pool, known in _meanings()["pools"].items():
            if word in known or word.removesuffix("s") in known or re.sub("ies$", "y", word) in known:
                return pool
    return "Manifest"


def _label(name: str, one: LabelSurvey) -> Label:
    found = {role: _properties(one, known, local(name)) for role, known in _meanings()["properties"].items()}
    pool = pool_of(name)
    named = _named(one, found, pool)
    lists = {role: tuple(word for word in found[role] if word not in named) for role in ("description", "forms")}
    left = {role: next((word for word in found[role] if word not in named), "") for role in _SINGLE}
    return Label(pool, in_words(name), _key(one), named, lists["forms"], lists["description"][:_MOST_DESCRIBE], **left)


def _named(one: LabelSurvey, found: Table[str, list[str]], pool: str) -> tuple[str, ...]:
    """Return what names a label's nodes: a property called so that tells them apart, a person's two names, or whatever
    is most like a name. A person's title is none."""
    for name in found["name"]:
        values = _values(one, name)
        telling = len(values) >= _OFTEN * len(one.samples) / 2 and len(set(values)) > _REPEATED * len(values)
        if telling and not (pool == "Actor" and words_of(name)[-1:] == ["title"]):
            return (name,)
    if found["given"] and found["family"]:
        return found["given"][0], found["family"][0]
    told = _most_telling(one, {name for role in (*_SINGLE, "forms") for name in found[role]})
    return (told,) if told else ()


def _values(one: LabelSurvey, property: str) -> list[Any]:
    return [text for row in one.samples if (text := text_of(row, property))]


def _names(one: LabelSurvey) -> list[str]:
    """Return the names of the properties, those in several languages once."""
    return sorted({name.partition("@")[0] for row in one.samples for name in row})


def _properties(one: LabelSurvey, known: list[str], label: str) -> list[str]:
    """Return the properties with these names (also after the label's own: `productName`), in the order of the names."""
    own = "".join(words_of(label))
    folded = {"".join(words_of(name)): name for name in _names(one)}
    wanted = [word for name in known for word in (name, own + name, own.removesuffix("s") + name)]
    return list(dict.fromkeys(folded[word] for word in wanted if word in folded))


def _most_telling(one: LabelSurvey, spoken_for: Set[str]) -> str:
    """Return the property that is most like a name: short text that nearly every node has and that differs; none of
    those that say something else."""
    best = ("", 0.0)
    for name in _names(one):
        values = [value for value in _values(one, name) if len(value) <= 80 and _is_worded(value)]
        share = len(set(values)) / len(one.samples) if one.samples else 0
        if (
            len(values) >= _OFTEN * len(one.samples)
            and share > max(best[1], 0.5)
            and not is_key(name) | (name in spoken_for)
        ):
            best = name, share
    return best[0]


def _is_worded(value: str) -> bool:
    """Say whether a text is rather letters than digits and signs: no number, date or price."""
    return 2 * sum(map(str.isalpha, value)) >= len(value.replace(" ", ""))


def _key(one: LabelSurvey) -> str:
    """Return the property that identifies a node: it looks like a key, every node has it, and no two have the same."""
    for name in sorted(_names(one), key=lambda name: (len(name), name)):
        values = _values(one, name)
        if is_key(name) and len(values) == len(one.samples) == len(set(values)) >= _ENOUGH:
            return name
    return ""


def _verb(name: str, one: TypeSurvey, mapping: Mapping) -> str:
    """Return the verb that a type's words speak of and that joins the pools between which it is seen."""
    ends = [
        (mapping.labels[start].pool, mapping.labels[end].pool)
        for a, b in one.patterns
        if (start := mapping.label_of(a)) and (end := mapping.label_of(b))
    ]
    exact = _predicates().get(name)
    if exact and ends and all(fits(exact, *pools) for pools in ends):
        return exact
    for word in words_of(local(name)):
        for verb, known in _meanings()["verbs"].items():
            people = verb in ("precedes", "follows") and any("Actor" in pools for pools in ends)
            if word in known and ends and not people and all(fits(verb, *pools) for pools in ends):
                return verb
    return "connects_to"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if value.isprintable() else '"' + "".join(f"\\U{ord(one):08x}" for one in value) + '"'


def _bare(name: str) -> str:
    """Return a key as TOML writes it, without quotes where it needs none."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def render(survey: Survey, mapping: Mapping, origin: str) -> str:
    """Return the mapping as TOML with comments: how many things each line is about, and examples of what it reads."""
    lines = [
        f"# What the labels and types of {_plain(origin)} mean: a proposal, to be read and changed.",
        "# A node with several labels is what the first of them here says. Leave a label out to leave its nodes out.",
        "# enliterator map check SOURCE --map FILE tells what each line covers.",
        "",
        f'language = "{mapping.language}"  # names and describes, where a property has values in several languages',
    ]
    for name, label in mapping.labels.items():
        lines += _label_lines(name, label, survey.labels[name])
    lines += ["", "# Relationships: the type's own name is always kept beside the verb."]
    for name, type in mapping.types.items():
        found = survey.types[name]
        ends = ", ".join(f"{_called(a)} to {_called(b)}" for (a, b), _ in found.patterns.most_common(3))
        lines += ["", f"[types.{_bare(name)}]  # {found.count:,} relationships: {ends}"]
        lines.append(f"verb = {_text(type.verb)}  # ... {phrase_of(type.verb)} ...")
    return "\n".join(lines) + "\n"


def _called(labels: tuple[str, ...]) -> str:
    return _plain(":".join(map(local, labels)))


def _plain(text: str) -> str:
    """Return a text as a comment can hold it."""
    return "".join(one if one.isprintable() else " " for one in text)


def _label_lines(name: str, label: Label, found: LabelSurvey) -> list[str]:
    lines = ["", f"[labels.{_bare(name)}]  # {found.count:,} nodes", f"pool = {_text(label.pool)}"]
    lines.append(f"kind = {_text(label.kind)}")
    for role in ("key", "name", "description", "time", "url", "license", "holder"):
        told = getattr(label, role)
        names = (told,) if isinstance(told, str) and told else tuple(told)
        values = [value for one in names for value in _values(found, one)[: 2 if len(names) == 1 else 1]]
        example = "; ".join(_plain(" ".join(value.split()))[:40] for value in values)
        hint = "" if role == "key" and "://" in name else _HINTS.get(role, "")
        lines.append(f"{role} = {_value(names)}  # {example}" if names else f'# {role} = ""{hint}')
    lines.append(f"forms = [{', '.join(map(_text, label.forms))}]  # other names of the same thing")
    lines.append('# rights = "CC-BY-4.0"  # the same for all nodes of this label')
    rest = [one for one in _names(found) if one not in _used(label)]
    return [*lines, f"# also there, and shown with each node: {_plain(', '.join(rest))}"] if rest else lines


def _value(names: tuple[str, ...]) -> str:
    return _text(names[0]) if len(names) == 1 else f"[{', '.join(map(_text, names))}]"


_HINTS: Final[Table[str, str]] = {
    "key": "  # without one a node is known by the graph's own number, which another copy may not share",
    "name": "  # without one a node is called by its kind and key",
}


def _used(label: Label) -> set[str]:
    roles = label.key, label.time, label.url, label.license, label.holder
    return {*roles, *label.name, *label.description, *label.forms}
