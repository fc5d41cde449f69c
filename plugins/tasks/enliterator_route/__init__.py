# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""route: which tool, with which parameters, answers a request; or that none does.

Every way of asking stands for exactly one tool and set of parameters, so that a request can be written from a call
and from nothing else. A tool that the graph does not have is never asked for.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import (
    Draft,
    Grade,
    Graph,
    Sampler,
    TaskType,
    Verdict,
    entity_id,
    hookimpl,
    in_batches,
    json_object,
    trouble_with,
)
from enliterator_route.ways import asked, calls_on, form_of, out_of_reach


def _write(tool: str | None, params: Mapping[str, Any], **more: str) -> str:
    return json.dumps({"tool": tool, "params": dict(params), **more}, ensure_ascii=False)


@frozen
class Route(TaskType):
    """Answer a request with the tool to call and its parameters.

    ``requests_per_entity`` is how many requests are made about each entity; ``beyond_share`` is the share of entities
    about which something is asked that no tool does.
    """

    name = "route"
    system_prompt = (
        "Choose the tool that answers the request. Answer with one JSON object: tool, and params as its JSON Schema "
        "has them. Say names and paths as the request says them. When no tool fits, tool is null, params is empty, "
        "and reason says why."
    )
    answer_schema = {
        "type": "object",
        "properties": {
            "tool": {"type": ["string", "null"]},
            "params": {"type": "object"},
            "reason": {"type": "string"},
        },
        "required": ["tool", "params"],
        "additionalProperties": False,
    }

    requests_per_entity: int = field(default=2, validator=ge(1))
    beyond_share: float = field(default=0.1, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts for every entity and every source; none where the graph has no tools."""
        yield from in_batches(self._drafts(graph, sampler))

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Draft]:
        for entity in graph.entities.values() if graph.tools else ():
            form = form_of(graph, sampler, entity)
            calls = [call for call in calls_on(graph, sampler, entity, form) if call.tool in graph.tools]
            for tool in sampler.ordered((call.tool for call in calls), "tool", entity.id)[: self.requests_per_entity]:
                call = next(call for call in calls if call.tool == tool)
                user = sampler.choose(asked(tool, call.params), "way", entity.id, tool)
                yield from self._sound(
                    Draft(user, _write(tool, call.params), entity.id, call.entities, call.relations, call.spans), graph
                )
            beyond = graph.once(out_of_reach)
            if form and beyond and sampler.fraction("beyond", entity.id) < self.beyond_share:
                _, way, reason = sampler.choose(beyond, "beyond", entity.id, form)
                answer = _write(None, {}, reason=reason)
                user = way.format(name=form)
                yield from self._sound(Draft(user, answer, entity.id, (entity.id,), spans=entity.evidence[:1]), graph)
        for path in graph.sources if graph.tools else ():
            yield from self._of_source(graph, sampler, path)

    def _of_source(self, graph: Graph, sampler: Sampler, path: str) -> Iterator[Draft]:
        """Yield requests about a source: about its rights whatever they are, about its content where it may be used."""
        entities = graph.by_source.get(path, [])
        ids = sorted(entity.id for entity in entities)
        whole = entity_id("Manifest", path)
        known = graph.entities[whole if whole in ids else sampler.pick(ids, "source", path)] if ids else None
        spans = tuple(span for span in known.evidence if span.source == path)[:1] if known else ()
        calls = [("rights_of_source", {"path": path})]
        if known:
            pool = {"pool": known.pool} if sampler.fraction("pool", path) < 0.5 and len(entities) < 100 else {}
            calls.append(("entities_of_source", {"path": path, **pool}))
        for tool, params in calls:
            draft = Draft(
                sampler.choose(asked(tool, params), "way", path, tool),
                _write(tool, params),
                known.id if known else whole,
                (known.id,) if known else (),
                spans=spans,
                withheld=None if graph.rights_of(path).trainable else path,
            )
            yield from self._sound(draft, graph)

    def _sound(self, draft: Draft, graph: Graph) -> Iterator[Draft]:
        if self.verify(draft, graph).holds:
            yield draft

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept a call that the request asks for, that fits its tool's schema, and that finds what it should."""
        if trouble := trouble_with(draft, graph, strict=True):
            return Verdict(False, trouble)
        answer = json_object(draft.assistant) or {}
        tool, params = answer.get("tool"), answer.get("params")
        if tool is None:
            return self._beyond(draft, answer, graph)
        if not isinstance(params, dict) or not isinstance(tool, str) or draft.assistant != _write(tool, params):
            return Verdict(False, "the answer is not a call")
        if tool not in graph.tools:
            return Verdict(False, f"there is no tool {tool!r}")
        if not graph.once(_validators)[tool].is_valid(params):
            return Verdict(False, f"the parameters do not fit the schema of {tool}")
        if draft.user not in asked(tool, params):
            return Verdict(False, "the request does not ask for this call")
        try:
            found = graph.tools[tool].call(graph, params)
        except Exception as error:  # noqa: BLE001  a tool may be anyone's; the verdict says what it did
            return Verdict(False, f"{tool} failed: {error!r}")
        if not _finds(draft, tool, params, found, graph):
            return Verdict(False, f"{tool} does not find what is asked about")
        return Verdict(True, f"{tool} was called and found what is asked about")

    def _beyond(self, draft: Draft, answer: dict[str, Any], graph: Graph) -> Verdict:
        """Accept that no tool fits where the request is for something that no tool does."""
        entity = graph.entities.get(draft.anchor)
        if entity is None or draft.entities != (entity.id,):
            return Verdict(False, "the anchor is not what is asked about")
        for _, way, reason in graph.once(out_of_reach):
            before, after = way.split("{name}")
            form = draft.user[len(before) : len(draft.user) - len(after)]
            if (
                way.format(name=form) == draft.user
                and graph.called(form) == [entity]
                and draft.assistant == _write(None, {}, reason=reason)
            ):
                return Verdict(True, "no tool does what is asked")
        return Verdict(False, "it is not known that no tool fits")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score the tool, and its parameters one by one where the tool is right."""
        gold, given = json_object(draft.assistant), json_object(answer)
        parts = {"tool": 0.0, "params": 0.0}
        if gold and given and "tool" in given and given["tool"] == gold.get("tool"):
            wanted, params = gold["params"], given.get("params")
            parts["tool"] = 1.0
            if isinstance(params, dict):
                every = set(wanted) | set(params)
                parts["params"] = (
                    sum(params.get(key) == wanted.get(key) for key in every) / len(every) if every else 1.0
                )
        return Grade(0.5 * parts["tool"] + 0.5 * parts["params"], parts)


def _validators(graph: Graph) -> dict[str, Any]:
    """Return the validator of each tool's parameters."""
    from jsonschema import Draft202012Validator

    return {name: Draft202012Validator(tool.parameters) for name, tool in graph.tools.items()}


def _finds(draft: Draft, tool: str, params: dict[str, Any], answer: Mapping[str, Any], graph: Graph) -> bool:
    """Say whether a tool's answer has what the draft is about."""
    if draft.anchor != (draft.entities[0] if draft.entities else entity_id("Manifest", params.get("path", ""))):
        return False
    if draft.withheld not in (None, params.get("path")):
        return False
    evidence = {span for id in draft.entities[:1] for span in graph.entities[id].evidence}
    if draft.entities and not evidence & set(draft.spans):
        return False
    if tool == "rights_of_source":
        return bool(answer.get("source") == params["path"])
    found = answer.get("found")
    if not isinstance(found, list) or not draft.entities or not set(found) & set(draft.entities):
        return False
    if tool == "describe_entity":
        return found == [draft.anchor]
    if tool == "related_entities":
        known = [entity.id for entity in graph.called(params["name"])]
        reached = {id for verb, id in graph.around(draft.anchor) if params.get("verb", verb) == verb}
        return known == [draft.anchor] and set(found) <= reached
    ends = [graph.called(params[key]) for key in ("from", "to") if key in params]
    if ends and [[entity.id for entity in end] for end in ends] != [[id] for id in draft.entities]:
        return False
    return set(draft.entities) <= set(found)


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add route."""
    return [Route]
