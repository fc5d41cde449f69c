# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Checks a mapping against what a graph holds."""

from collections.abc import Iterable
from typing import Any, Final

from attrs import field, frozen

from enliterator_core import Problem, did_you_mean
from enliterator_neo4j.importing.mapping import Label, Mapping, Type, fits
from enliterator_neo4j.importing.rows import text_of
from enliterator_neo4j.importing.survey import LabelSurvey, Survey, TypeSurvey

_PROPERTIES: Final = ("key", "time", "url", "license", "holder")


@frozen
class Report:
    """What each line of a mapping covers, what no line covers, and what does not fit the graph."""

    covered: list[tuple[str, int]] = field(factory=list)
    left_out: list[tuple[str, int]] = field(factory=list)
    problems: list[Problem] = field(factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "covered": dict(self.covered),
            "left_out": dict(self.left_out),
            "problems": [{"path": one.path, "message": one.message} for one in self.problems],
        }


def check(mapping: Mapping, survey: Survey) -> Report:
    """Return what a mapping does with a graph. Properties are looked for in some hundred nodes of each label."""
    report = Report()
    for name, label in mapping.labels.items():
        found = survey.labels.get(name)
        report.covered.append((f"labels.{name}", found.count if found else 0))
        report.problems.extend(_label_problems(name, label, found, survey.labels))
    for name, type in mapping.types.items():
        seen = survey.types.get(name)
        report.covered.append((f"types.{name}", seen.count if seen else 0))
        report.problems.extend(
            _type_problems(name, type, seen, mapping)
            if seen
            else [_absent(f"types.{name}", "type", name, survey.types)]
        )
    left = [(f"label {name}", one.count) for name, one in survey.labels.items() if _unread(one, mapping)]
    report.left_out.extend(left)
    left = [(f"type {name}", one.count) for name, one in survey.types.items() if name not in mapping.types]
    report.left_out.extend(left)
    return report


def _type_problems(name: str, type: Type, seen: TypeSurvey, mapping: Mapping) -> list[Problem]:
    problems = []
    for a, b in sorted(seen.patterns):
        start, end = mapping.label_of(a), mapping.label_of(b)
        if start is None or end is None:
            continue
        pools = mapping.labels[start].pool, mapping.labels[end].pool
        if not fits(type.verb, *pools):
            message = f"{type.verb} does not join {pools[0]} ({start}) to {pools[1]} ({end}): connects_to is used there"
            problems.append(Problem(f"types.{name}.verb", message))
    return problems


def _unread(found: LabelSurvey, mapping: Mapping) -> bool:
    """Say whether none of the nodes that were looked at is read by any line, by this label or another of theirs."""
    return all(mapping.label_of(labels) is None for labels in found.labels)


def _label_problems(name: str, label: Label, found: LabelSurvey | None, known: Iterable[str]) -> list[Problem]:
    place = f"labels.{name}"
    if found is None:
        return [_absent(place, "label", name, known)]
    names = {one for row in found.samples for property in row for one in (property, property.partition("@")[0])}
    asked = [(role, getattr(label, role)) for role in _PROPERTIES]
    asked += [(role, one) for role in ("name", "description", "forms") for one in getattr(label, role)]
    problems = [_absent(f"{place}.{role}", "property", one, names) for role, one in asked if one and one not in names]
    if label.key and label.key in names:
        values = [text for row in found.samples if (text := text_of(row, label.key))]
        if len(set(values)) < len(found.samples):
            problems.append(Problem(f"{place}.key", f"{label.key} does not tell all nodes apart"))
    return problems


def _absent(place: str, what: str, name: str, known: Iterable[str]) -> Problem:
    return Problem(place, f"the graph has no {what} {name}{did_you_mean(name, known)}")
