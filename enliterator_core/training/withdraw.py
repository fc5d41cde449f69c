# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Withdraws a source: names all that was made from it, in every batch, and keeps it out of what is built next."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from attrs import evolve, frozen

from enliterator_core.contracts.storage import GraphStorage
from enliterator_core.dataset.again import dataset_folder
from enliterator_core.dataset.withdrawn import (
    Key,
    Withdrawn,
    batch_of,
    defects_of,
    examples_from,
    held_by,
    said,
)
from enliterator_core.errors import ServiceError, UsageError, did_you_mean
from enliterator_core.nouns import Batch, Source
from enliterator_core.operations import DatasetRecord, TrainingJob, Withdrawal
from enliterator_core.training.deploy import serving
from enliterator_core.training.plan import FILES, describe
from enliterator_core.training.times import now
from enliterator_core.workspace import Workspace

Values = dict[str, Any]


@frozen
class _Known:
    """What a batch's graph knows from some sources, and (`alone`) from nothing else."""

    entities: dict[str, Values]
    relations: int
    entities_alone: frozenset[str]
    relations_alone: frozenset[Key]


def made_from(workspace: Workspace, source: str, batch: Batch | None = None) -> Withdrawal:
    """Return the withdrawal of a source as it would be kept: its places, its content, and all that was made from it.

    ``source`` is a path in a batch (of any, newest first, when none is given); content that stands elsewhere too is
    found there. `named` holds `batches` with their entities and relations, `datasets` with their examples, `files`
    that providers hold, `jobs`, and `models` with the tasks they serve, all as JSON values. Nothing is written.
    Raises UsageError when there is no such source, or several.
    """
    places, content = _places(workspace, source, batch)
    paths: dict[int, set[str]] = {}
    for number, path in places:
        paths.setdefault(number, set()).add(path)
    known = {number: _known(workspace, number, found) for number, found in sorted(paths.items())}
    datasets = list(_datasets(workspace, paths, known))
    jobs = _jobs(workspace, {one["hash"] for one in datasets if one["files"]})
    named: Values = {
        "batches": [_batch_values(workspace, number, one) for number, one in known.items()],
        "datasets": datasets,
        "files": list(_files(workspace, datasets, jobs)),
        "jobs": [
            {"id": one.id, "state": one.state, "base": f"{one.provider}:{one.model}", "dataset": one.dataset}
            for one in jobs
        ],
        "models": [_model(workspace, one) for one in jobs if one.tuned_model],
    }
    return Withdrawal(0, "", "", "", places, content, named)


def withdraw(workspace: Workspace, source: str, batch: Batch | None, who: str, reason: str) -> Withdrawal:
    """Withdraw a source from now on, and return the withdrawal as it is kept; UsageError when it is withdrawn already.

    Nothing is deleted: the next build of each batch is without the source, and until then, and wherever something made
    from it is left, every command that shows it says so.
    """
    held = _holding(workspace, source, batch)
    if held:
        raise UsageError(f"{source} is {said(held[0])} already", hint="enliterator withdraw lists every withdrawal")
    found = made_from(workspace, source, batch)
    return workspace.records.add_withdrawal(evolve(found, at=now(), who=who, reason=reason))


def give_back(workspace: Workspace, source: str, batch: Batch | None, who: str, reason: str) -> Withdrawal:
    """Take the withdrawal of a source back, and return what is kept of that; UsageError when it is not withdrawn."""
    held = _holding(workspace, source, batch)
    if not held:
        every = sorted({path for one in Withdrawn(workspace.records).holding for _, path in one.places})
        hint = "enliterator withdraw lists what is withdrawn"
        raise UsageError(f"{source} is not withdrawn{did_you_mean(source, every)}", hint=hint)
    if len(held) > 1:
        raise UsageError(f"{source} is withdrawn in several batches", hint="name one with --batch")
    back = evolve(held[0], at=now(), who=who, reason=reason, named={}, undoes=held[0].id)
    return workspace.records.add_withdrawal(back)


def _holding(workspace: Workspace, source: str, batch: Batch | None) -> list[Withdrawal]:
    """Return the withdrawals that hold for a path, in one batch or in any."""
    every = Withdrawn(workspace.records)
    if batch is not None:
        found = every.of(batch.id, source)
        return [found] if found else []
    return [one for one in every.holding if source in (path for _, path in one.places)]


# where it stands


def _sources(workspace: Workspace) -> Iterator[tuple[Batch, dict[str, Source]]]:
    """Yield every batch, newest first, with the sources that its published graph holds."""
    for batch in reversed(workspace.records.batches()):
        graph = _graph(workspace, batch.id)
        if graph is None:
            yield batch, {}
        else:
            with closing(graph):
                yield batch, {one.path: one for one in graph.sources()}


def _graph(workspace: Workspace, batch: int) -> GraphStorage | None:
    try:
        return workspace.graph(batch)
    except ServiceError:  # it was never published
        return None


def _places(workspace: Workspace, source: str, batch: Batch | None) -> tuple[tuple[tuple[int, str], ...], str | None]:
    """Return the batches and paths that a source stands under, and its content's SHA-256, None where none is known."""
    held = list(_sources(workspace))
    wanted = [(one, sources) for one, sources in held if batch is None or one.id == batch.id]
    found = [(one, sources[source]) for one, sources in wanted if source in sources]
    if len({one.origin for one, _ in found}) > 1 and len({there.sha256 for _, there in found}) > 1:
        names = ", ".join(f"{one.id} ({one.name})" for one, _ in found)
        raise UsageError(f"several batches have a source {source}: {names}", hint="name one with --batch")
    # A source that no graph holds any more can still be in what was trained on.
    sent = [one.batch for one in _sent(workspace) if source in one.content.get("sources", ())]
    gone = [one for one, _ in wanted if one.id in sent and one not in (there for there, _ in found)]
    if not found and not gone:
        near = did_you_mean(source, sorted({path for _, sources in wanted for path in sources}))
        where = f"batch {batch.id} has" if batch else "no batch has"
        message = f"{where} {'no' if batch else 'a'} source {source}{near}"
        raise UsageError(message, hint="give its path as enliterator dataset show prints it")
    content = found[0][1].sha256 if found else None
    places = {(one.id, source) for one in [*(there for there, _ in found), *gone]}
    for one, sources in held if found and found[0][1].size else ():
        places |= {(one.id, path) for path, there in sources.items() if there.sha256 == content}
    return tuple(sorted(places)), content


def _sent(workspace: Workspace) -> list[DatasetRecord]:
    """Return every dataset that was sent to training."""
    hashes = dict.fromkeys(job.dataset for job in reversed(workspace.records.jobs()))
    return [one for hash in hashes if (one := workspace.records.dataset(hash)) is not None]


# what was made from it


def _known(workspace: Workspace, batch: int, paths: set[str]) -> _Known:
    graph = _graph(workspace, batch)
    if graph is None:
        return _Known({}, 0, frozenset(), frozenset())
    with closing(graph):
        entities = [one for one in graph.entities() if any(span.source in paths for span in one.evidence)]
        relations = [one for one in graph.relations() if any(span.source in paths for span in one.evidence)]
        alone = frozenset(one.id for one in entities if all(span.source in paths for span in one.evidence))
        stated = frozenset(one.key for one in relations if all(span.source in paths for span in one.evidence))
        values = {one.id: {"id": one.id, "pool": one.pool, "name": one.name} for one in entities}
        return _Known(values, len(relations), alone, stated)


def _batch_values(workspace: Workspace, number: int, known: _Known) -> Values:
    batch = workspace.records.batch(number)
    entities = [{**one, "alone": id in known.entities_alone} for id, one in known.entities.items()]
    counts = {"relations": known.relations, "relations_alone": len(known.relations_alone)}
    return {"batch": number, "name": batch.name if batch else "", "entities": entities, **counts}


def _datasets(workspace: Workspace, paths: dict[int, set[str]], known: dict[int, _Known]) -> Iterator[Values]:
    """Yield each dataset with its examples; of one that was sent and is no longer there, how many there were.

    `files` are those of its files, of what training is sent, that hold such an example.
    """
    sent = {one.hash: one for one in _sent(workspace)}
    folders = [dataset_folder(workspace, batch) for batch in workspace.records.batches()]
    folders += [workspace.root / one.folder for one in sent.values()]
    for folder in dict.fromkeys(folders):
        batch = batch_of(workspace, folder) if (folder / FILES[0]).is_file() else None
        if batch is None or batch.id not in paths:
            continue
        one = known[batch.id]
        examples = list(examples_from(folder, paths[batch.id], one.entities_alone, one.relations_alone))
        if examples:
            described = describe(workspace, folder)
            was_sent = sent.pop(described.hash, None) is not None
            values = _dataset_values(described, was_sent, len(examples))
            splits = {f"{one['split']}.jsonl" for one in examples}
            files = [file for file in values["files"] if file["name"] in splits]
            yield {**values, "files": files, "listed": examples}
    for record in sent.values():
        counts = record.content.get("sources", {})
        count = sum(counts.get(path, 0) for path in paths.get(record.batch or 0, ()))
        if count:
            yield {**_dataset_values(record, True, count), "listed": []}


def _dataset_values(dataset: DatasetRecord, sent: bool, examples: int) -> Values:
    files = [{"name": name, "sha256": file["sha256"]} for name, file in dataset.content["files"].items()]
    values = {"hash": dataset.hash, "batch": dataset.batch, "folder": dataset.folder, "files": files}
    return {**values, "sent": sent, "examples": examples}


def _jobs(workspace: Workspace, datasets: set[str]) -> list[TrainingJob]:
    """Return the jobs on the datasets, and those that went on from a model that one of them made, oldest first."""
    every, made, found = workspace.records.jobs()[::-1], set[tuple[str, str]](), list[TrainingJob]()
    for job in every:  # a model is there before a job that goes on from it
        if job.dataset in datasets or (job.provider, job.model) in made:
            found.append(job)
            if job.tuned_model:
                made.add((job.provider, job.tuned_model))
    return found


def _files(workspace: Workspace, datasets: list[Values], jobs: list[TrainingJob]) -> Iterator[Values]:
    names = [one.name for one in workspace.plugins.providers]
    for provider in dict.fromkeys([*names, *(job.provider for job in jobs)]):
        for dataset in datasets:
            for file in dataset["files"]:
                held = workspace.records.uploaded_file(provider, file["sha256"])
                if held is not None:
                    yield {"provider": provider, "id": held.id, "name": held.name, "of": file["name"]}


def _model(workspace: Workspace, job: TrainingJob) -> Values:
    model = f"{job.provider}:{job.tuned_model}"
    settings = [one for one in workspace.settings.list() if one.key.startswith("model.") and one.value == model]
    return {"model": model, "job": job.id, "serves": [one.key.partition(".")[2] for one in settings]}


def left_over(workspace: Workspace) -> list[str]:
    """Say in a line each what is still used though it was made from a withdrawn source: graphs, datasets, models."""
    every = Withdrawn(workspace.records)
    if not every:
        return []
    found = []
    for batch in workspace.records.batches():
        held = held_by(workspace, batch)
        found += [f"the graph of batch {batch.id} holds {path}" for path in sorted(held)]
        examples = len(list(defects_of(workspace, dataset_folder(workspace, batch))))
        found += [f"the dataset of batch {batch.id} holds {examples:,} examples made from one"] if examples else []
    for task, deployed in serving(workspace).items():
        record = workspace.records.dataset(deployed.dataset) if deployed.dataset else None
        found += [f"{deployed.model}, which serves {task}, was made from {path}" for path in every.in_dataset(record)]
    return found
