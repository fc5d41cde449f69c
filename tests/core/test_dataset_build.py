# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A dataset holds what its tasks proved and nothing else, its splits do not leak, and it can be made again."""

import json
import random
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import ValidationError

from enliterator_core import (
    MASK,
    Batch,
    Draft,
    Example,
    Grade,
    InterruptedBuild,
    Rights,
    Span,
    TaskType,
    Verdict,
    sha256_of,
)
from enliterator_core.dataset import DatasetSettings, build_dataset, check_paths, generate, show_example
from enliterator_core.dataset.plan import fair
from enliterator_core.dataset.prove import holds, prove
from enliterator_core.dataset.settings import shares_of
from enliterator_core.dataset.split import Pieces, split_of
from enliterator_core.errors import UsageError
from enliterator_core.testing import sample_graph

SPANS = st.tuples(st.integers(0, 2), st.integers(0, 20), st.integers(1, 9)).map(lambda t: (t[0], t[1], t[1] + t[2]))
BATCH = Batch(1, "sample", "here", "2026-01-01T00:00:00Z")


class Describe(TaskType):
    """What is it?"""

    name = "describe"
    system_prompt = "Say what it is."
    question = "What is {}?"

    def drafts(self, graph):
        for id, entity in graph.entities.items():
            user = self.question.format(entity.name)
            yield Draft(user, f"{entity.name}: {entity.description}", id, (id,), spans=entity.evidence[:1])

    def generate(self, graph, sampler):
        yield list(self.drafts(graph))

    def verify(self, draft, graph):
        entity = graph.entities.get(draft.anchor)
        return Verdict(entity is not None and entity.description in draft.assistant, "the description is the graph's")

    def grade(self, draft, answer, graph):
        return Grade(float(answer == draft.assistant), {"same": float(answer == draft.assistant)})


class Ask(Describe):
    name = "ask"
    question = "Tell me about {} please."


class Placed(Describe):
    name = "placed"
    question = "Where does the collection speak of {}?"

    def drafts(self, graph):
        for draft in super().drafts(graph):
            yield evolve(draft, assistant=f"In {draft.spans[0].source}: {draft.assistant}")


class Yields(Describe):
    """Yields the drafts it is given beside one that is in order."""

    name = "yields"

    def __init__(self, *given, holds=True):
        self.given = given
        self.holds = holds

    def drafts(self, graph):
        yield from self.given
        yield next(super().drafts(graph))

    def verify(self, draft, graph):
        return Verdict(self.holds, "so it is")


def make(folder, tasks=None, graph=None, **options):
    graph, tasks = graph or sample_graph(40), tasks or (Describe(), Ask(), Placed())
    literacy = graph.storage.note("literacy")
    return build_dataset(graph, tasks, batch=BATCH, literacy=literacy, folder=folder, **options)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def bytes_of(folder):
    """Every file of a dataset."""
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_everything_is_there_and_proven(tmp_path):
    result = make(tmp_path / "batch_1")
    folder = tmp_path / "batch_1"
    names = "README.md croissant.json metadata.json provenance.jsonl test.jsonl train.jsonl training_data.jsonl"
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == [*names.split(), "validation.jsonl"]
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["schemas"]
    assert not result.problems and result.tasks == Counter(
        record["task"] for record in lines(folder / "provenance.jsonl")
    )
    assert all(result.proof[key] == 0 for key in ("shared_groups", "shared_spans", "near_duplicates", "unaccounted"))
    assert result.splits == {name: len(lines(folder / f"{name}.jsonl")) for name in ("train", "validation", "test")}
    assert all(result.splits.values()) and result.thin == {}
    assert check_paths([folder]) == []
    every = b"".join((folder / f"{name}.jsonl").read_bytes() for name in result.splits)
    assert (folder / "training_data.jsonl").read_bytes() == every
    splits = {name: lines(folder / f"{name}.jsonl") for name in result.splits}
    for record, example in zip(lines(folder / "provenance.jsonl"), lines(folder / "training_data.jsonl"), strict=True):
        assert splits[record["split"]][record["line"] - 1] == example
        assert [message["role"] for message in example["messages"]] == ["system", "user", "assistant"]
        keys = ["id", "task", "split", "line", "group", "entities", "relations", "spans", "rights", "verifier"]
        assert list(record) == keys and list(record["rights"]) == ["license", "holder", "trainable", "publishable"]


def test_large_spills_give_the_same_bytes(tmp_path, monkeypatch):
    make(tmp_path / "small")
    monkeypatch.setattr("enliterator_core.dataset.spilled._MOST", 0)
    make(tmp_path / "large")
    assert bytes_of(tmp_path / "small") == bytes_of(tmp_path / "large")


def open_files():
    return sorted(path.name for path in Path("/dev/fd").iterdir())


def test_a_build_that_fails_leaves_no_file_open(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("no space left")

    make(tmp_path / "d")
    monkeypatch.setattr("enliterator_core.dataset.build.place", fail)
    opened = open_files()
    with pytest.raises(OSError, match="no space left"):
        make(tmp_path / "d")
    assert open_files() == opened


def test_metadata_tells_what_it_was_made_of(tmp_path):
    make(tmp_path / "d", forced=True, configuration={"graph": "sqlite:"}, settings=DatasetSettings(seed=5))
    metadata = json.loads((tmp_path / "d" / "metadata.json").read_text())
    assert metadata["forced"] is True and metadata["seed"] == 5 and metadata["literacy"]["score"] == 81.5
    assert metadata["settings"]["configuration"] == {"graph": "sqlite:"}
    assert metadata["prompts"]["ask"]["system_prompt"] == Ask.system_prompt
    written = {path.relative_to(tmp_path / "d").as_posix() for path in (tmp_path / "d").rglob("*") if path.is_file()}
    assert set(metadata["files"]) == written - {"metadata.json"}
    for name, file in metadata["files"].items():
        data = (tmp_path / "d" / name).read_bytes()
        assert file == {"sha256": sha256_of(data), "bytes": len(data)}
    card = (tmp_path / "d" / "README.md").read_text()
    assert "path: validation.jsonl" in card and "forced past the gate" in card and "LicenseRef-Members" in card
    croissant = json.loads((tmp_path / "d" / "croissant.json").read_text())
    hashes = {one["name"]: one["sha256"] for one in croissant["distribution"]}
    assert hashes["test.jsonl"] == metadata["files"]["test.jsonl"]["sha256"]


def test_the_same_graph_gives_the_same_bytes_whatever_the_order_of_the_tasks(tmp_path):
    make(tmp_path / "a" / "batch_1")
    make(tmp_path / "b" / "batch_1", tasks=(Placed(), Ask(), Describe()))
    assert bytes_of(tmp_path / "a" / "batch_1") == bytes_of(tmp_path / "b" / "batch_1")


def test_more_data_moves_no_example_to_another_split(tmp_path):
    make(tmp_path / "small", graph=sample_graph(10))
    make(tmp_path / "large", graph=sample_graph(40))
    small, large = (
        {one["id"]: one["split"] for one in lines(tmp_path / name / "provenance.jsonl")} for name in ("small", "large")
    )
    both = small.keys() & large.keys()
    assert len(both) > 100 and all(small[id] == large[id] for id in both)


def test_a_new_dataset_replaces_the_old_one_and_a_stopped_one_does_not(tmp_path):
    folder = tmp_path / "batch_1"
    folder.mkdir()
    (folder / "old").write_text("old")
    stop = threading.Event()
    stop.set()
    with pytest.raises(InterruptedBuild):
        make(folder, stop=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["batch_1"] and (folder / "old").exists()
    make(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["batch_1"] and not (folder / "old").exists()


GOOD = Draft("Is it so?", "It is so, as the handbook says.", "anchor", spans=(Span("handbook/spring.md", 60, 90),))
LETTER = "the buckfast line from the northern valley should be crossed twice"


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        ("no draft", "malformed"),
        (evolve(GOOD, assistant=None), "malformed"),
        (evolve(GOOD, spans=[Span("handbook/spring.md", 1, 2)]), "malformed"),
        (evolve(GOOD, anchor=""), "malformed"),
        (evolve(GOOD, spans=()), "unsourced"),
        (evolve(GOOD, spans=(), withheld="nowhere.md"), "unsourced"),
        (evolve(GOOD, spans=(Span("nowhere.md", 1, 2),)), "span_does_not_open"),
        (evolve(GOOD, spans=(Span("handbook/spring.md", 1, 10**6),)), "span_does_not_open"),
        (evolve(GOOD, spans=(Span("letters/breeder.md", 1, 9),)), "not_trainable"),
        (evolve(GOOD, spans=(*GOOD.spans, Span("trial/late_treatment.md", 1, 9))), "not_trainable"),
        (evolve(GOOD, spans=(Span("photos/captions.md", 1, 9),)), "not_trainable"),
        (evolve(GOOD, assistant=f"It is said that {LETTER}."), "withheld_text"),
        (evolve(GOOD, user=f"Is it true that {LETTER.upper()}?"), "withheld_text"),
        (evolve(GOOD, user=f"Is it true that {LETTER}?", spans=(Span("no/such.md", 0, 9),)), "span_does_not_open"),
        (evolve(GOOD, assistant="   "), "trivial"),
        (evolve(GOOD, assistant="?!"), "trivial"),
        (evolve(GOOD, assistant=GOOD.user), "trivial"),
        (evolve(GOOD, user=" "), "trivial"),
        (evolve(GOOD, assistant=f"The key is {MASK * 8}."), "secret"),
        (evolve(GOOD, assistant="bad\x07bell"), "unprintable"),
        (evolve(GOOD, user="lone \ud800 half"), "unprintable"),
        (evolve(GOOD, assistant="word " * 70_000), "too_long"),
    ],
)
def test_what_is_not_in_order_is_dropped_and_counted(tmp_path, draft, reason):
    result = make(tmp_path / "d", tasks=(Yields(draft),), graph=sample_graph())
    assert result.dropped == {reason: 1} and sum(result.splits.values()) == 1


def test_what_was_checked_is_what_is_written_whatever_a_task_does_while_it_verifies(tmp_path):
    class Alters(Describe):
        def verify(self, draft, graph):
            draft.assistant, draft.spans = f"{MASK * 8} {LETTER}", (Span("photos/captions.md", 0, 9),)
            return Verdict(True, "it is changed")

    for name, task in (("altered", Alters()), ("plain", Describe())):
        make(tmp_path / name, tasks=(task,), graph=sample_graph())
    altered, plain = bytes_of(tmp_path / "altered"), bytes_of(tmp_path / "plain")
    for file in ("train.jsonl", "validation.jsonl", "test.jsonl"):
        assert altered[Path(file)] == plain[Path(file)]
    proofs = [lines(tmp_path / name / "provenance.jsonl") for name in ("altered", "plain")]
    assert [one["spans"] for one in proofs[0]] == [one["spans"] for one in proofs[1]]


def test_a_refusal_may_name_the_source_its_holder_and_its_licence_and_nothing_more(tmp_path):
    said = "photos/captions.md is of Ilse Brandt, under CC-BY-ND-4.0: the licence does not allow adapted versions."
    refusal = Draft("May I use photos/captions.md?", said, "photos", withheld="photos/captions.md")
    result = make(tmp_path / "d", tasks=(Yields(refusal),), graph=sample_graph())
    assert result.dropped == {}
    record = next(one for one in lines(tmp_path / "d" / "provenance.jsonl") if "withheld" in one)
    assert record["withheld"] == "photos/captions.md" and record["spans"] == []
    assert record["rights"] == {"license": None, "holder": None, "trainable": True, "publishable": True}
    told = evolve(refusal, assistant=f"{said} It shows a queen marked blue, standing on a frame.")
    result = make(tmp_path / "d", tasks=(Yields(told),), graph=sample_graph())
    assert result.dropped == {"withheld_text": 1}


def test_rights_are_the_strictest_of_the_sources(tmp_path):
    spans = (Span("handbook/spring.md", 60, 90), Span("survey/yields.md", 5, 30))
    make(tmp_path / "d", tasks=(Yields(evolve(GOOD, spans=spans)),), graph=sample_graph())
    record = max(lines(tmp_path / "d" / "provenance.jsonl"), key=lambda one: len(one["spans"]))
    assert record["rights"]["license"] == "CC-BY-4.0 AND LicenseRef-Members"
    assert record["rights"]["trainable"] is True and record["rights"]["publishable"] is False


def test_one_input_has_one_answer(tmp_path):
    other = evolve(GOOD, assistant="It is not so, as the handbook says.")
    result = make(tmp_path / "d", tasks=(Yields(GOOD, other, GOOD),), graph=sample_graph())
    assert result.dropped == {"contradiction": 1, "duplicate": 1}


class Raises(Describe):
    name = "raises"

    def generate(self, graph, sampler):
        yield list(self.drafts(graph))[:5]
        raise RuntimeError("no\nmore")


class Loops(Describe):
    name = "loops"

    def generate(self, graph, sampler):
        while True:
            time.sleep(0.001)


class Endless(Describe):
    name = "endless"

    def generate(self, graph, sampler):
        while True:
            yield list(self.drafts(graph))


class Unsure(Yields):
    name = "unsure"

    def verify_batch(self, drafts, graph):
        return []


def test_a_task_that_fails_is_told_and_the_others_go_on(tmp_path):
    tasks = (Describe(), Raises(), Loops(), Endless(), Unsure(), Yields(GOOD, holds=False), Yields(7, None))
    for number, task in enumerate(tasks[5:]):
        task.name = f"yields_{number}"
    result = make(tmp_path / "d", tasks=tasks, settings=DatasetSettings(task_seconds=0.5, max_drafts=2000, max_share=1))
    problems = {problem.task: problem.message for problem in result.problems}
    assert problems["raises"] == "raised RuntimeError: no more; 5 examples before that were kept"
    assert problems["loops"] == "did not end within 0.5 s: nothing of it was used"
    assert problems["endless"] == "made more than 2000 drafts: the rest was left"
    assert "verify_batch answered 1 drafts with 0 verdicts" in problems["unsure"]
    assert problems["yields_0"] == "its own verifier refused 2 of its drafts"
    assert "describe" not in problems and result.tasks["describe"] > 100
    assert result.tasks["loops"] == result.tasks["unsure"] == result.tasks["yields_0"] == 0
    assert result.dropped["not_verified"] == 2 and result.dropped["malformed"] == 2


def test_a_task_may_make_as_many_drafts_as_a_graph_is_large(tmp_path, monkeypatch):
    class Twelve(Describe):
        name = "twelve"

        def generate(self, graph, sampler):
            for draft in self.drafts(graph):
                yield [draft] * 12

    entities = len(sample_graph(40).entities)
    monkeypatch.setattr(generate, "_DRAFTS", 100)
    result = make(tmp_path / "few", tasks=(Describe(), Twelve()))
    assert [(one.task, one.message) for one in result.problems] == [
        ("twelve", f"made more than {10 * entities} drafts: the rest was left")
    ]
    monkeypatch.setattr(generate, "_DRAFTS", 12 * entities)
    assert make(tmp_path / "all", tasks=(Describe(), Twelve())).problems == ()


def test_no_task_is_more_than_its_share(tmp_path):
    class Few(Placed):
        name = "few"

        def drafts(self, graph):
            yield from list(super().drafts(graph))[:40]

    result = make(tmp_path / "d", tasks=(Few(), Describe()), settings=DatasetSettings(max_share=0.4, min_share=0.5))
    assert result.dropped["over_share"] > 100
    assert result.tasks["describe"] <= 2 / 3 * sum(result.tasks.values()) < result.tasks["describe"] + 3
    assert result.thin["share"] == ["few"]


def test_fair_shares_hold_for_all_at_once():
    room = fair({"a": 1000, "b": 900, "c": 10, "d": 10}, dict.fromkeys("abcd", 0.4))
    assert room["c"] == room["d"] == 10
    assert all(count <= 0.4 * sum(room.values()) for count in room.values()) and sum(room.values()) >= 60
    assert fair({"a": 3}, {"a": 1.0}) == {"a": 3}


def test_a_graph_of_nothing_gives_an_empty_dataset(tmp_path):
    class Nothing(Describe):
        def generate(self, graph, sampler):
            yield from ()

    result = make(tmp_path / "d", tasks=(Nothing(),))
    assert result.splits == {"train": 0, "validation": 0, "test": 0} and result.tasks == {"describe": 0}
    assert result.thin["train"] == ["describe"]


def test_eighty_twenty_has_no_test_split(tmp_path):
    result = make(tmp_path / "d", settings=DatasetSettings(split="80/20"))
    assert result.splits["test"] == 0 < result.splits["validation"]
    assert "test.jsonl" not in (tmp_path / "d" / "README.md").read_text()
    assert shares_of("70/20/10") == {"train": 0.7, "validation": 0.2, "test": 0.1}
    for wrong in ("80", "80/30", "a/b", "80/10/5/5", "-10/110"):
        with pytest.raises(ValueError, match="is no split"):
            DatasetSettings(split=wrong)


def test_splits_have_about_their_share_of_the_anchors():
    shares = shares_of("80/10/10")
    groups = [Example("t", "", "", "", str(n), (), (), (), Rights(), "").group for n in range(5000)]
    counts = Counter(split_of(group, shares) for group in groups)
    assert 3900 < counts["train"] < 4100 and 430 < counts["validation"] < 570 and 430 < counts["test"] < 570


def test_pieces_overlap_by_a_single_character_and_not_by_touching():
    pieces = Pieces(np.array([(0, 10, 20), (0, 15, 30), (0, 40, 41)]))
    told = [(0, 10), (0, 11), (29, 35), (30, 40), (40, 41), (41, 50), (0, 99)]
    assert pieces.overlap(np.array([(0, *span) for span in told])).tolist() == [0, 1, 1, 0, 1, 0, 1]
    assert pieces.overlap(np.array([(1, 10, 20)])).tolist() == [False]


@given(st.lists(SPANS, max_size=30), st.lists(SPANS, min_size=1, max_size=30))
@settings(max_examples=200, deadline=None)
def test_pieces_overlap_where_comparing_all_finds_it(held, asked):
    found = Pieces(np.array(held, np.int64).reshape(-1, 3)).overlap(np.array(asked, np.int64))
    by_force = [any(s == t and a < d and c < b for t, c, d in held) for s, a, b in asked]
    assert found.tolist() == by_force


def write_dataset(folder, rows):
    """Write (split, group, spans, text) rows as a dataset."""
    files = {name: (folder / f"{name}.jsonl").open("w") for name in ("train", "validation", "test", "provenance")}
    for split, group, spans, text in rows:
        said = [{"role": "user", "content": text}, {"role": "assistant", "content": "yes"}]
        print(json.dumps({"messages": said}), file=files[split])
        spans = [{"source": "a", "start": start, "end": end} for start, end in spans]
        print(
            json.dumps({"split": split, "group": group, "spans": spans, "entities": [group]}), file=files["provenance"]
        )
    for file in files.values():
        file.close()


def test_the_proof_finds_every_kind_of_leak(tmp_path):
    text = "the bees fly out when the sun is on the hive, the wind is low, and there is nectar in the lime trees"
    rows = [
        ("train", "g1", [(0, 10)], text),
        ("train", "g2", [(10, 20)], "another matter altogether, with nothing in common"),
        ("validation", "g3", [(20, 30)], "something else that stands in no other split, as it should be"),
        ("test", "g4", [(30, 40)], "and a fourth sentence about frames of wax and wood"),
    ]
    write_dataset(tmp_path, rows)
    clean = prove(tmp_path)
    leaks = ("shared_groups", "shared_spans", "near_duplicates", "unaccounted")
    assert [clean[key] for key in leaks] == [0, 0, 0, 0]
    seeded = [("test", "g1", [], "x" * 9), ("validation", "g5", [(9, 12)], "y" * 9), ("test", "g6", [], text + "s")]
    write_dataset(tmp_path, rows + seeded)
    proof = prove(tmp_path)
    assert [proof[key] for key in leaks] == [1, 2, 1, 0]
    (tmp_path / "train.jsonl").write_text("")
    assert prove(tmp_path)["unaccounted"] == 2


@pytest.mark.parametrize("held", [3, 1 << 16])
def test_the_proof_counts_what_comparing_all_counts(tmp_path, monkeypatch, held):
    monkeypatch.setattr("enliterator_core.dataset.parted._HELD", held)
    rnd = random.Random(held)
    splits, rows = ("train", "validation", "test"), []
    for number in range(300):
        spans = [(at := rnd.randrange(4000), at + rnd.randint(1, 9)) for _ in range(rnd.randrange(3))]
        rows.append((rnd.choice(splits), f"{rnd.randrange(200):016x}", spans, f"{number} " * 9))
    write_dataset(tmp_path, rows)
    proof = prove(tmp_path)
    stand = {name: {group for split, group, *_ in rows if split == name} for name in splits}
    shared = {group for one in splits for other in splits if one != other for group in stand[one] & stand[other]}
    pieces = sorted({(start, end, split) for split, _, spans, _ in rows for start, end in spans})
    overlapping = [
        (start, end, split)
        for at, (start, end, split) in enumerate(pieces)
        if any(other != split and first <= start < last for first, last, other in pieces[:at])
    ]
    assert proof["shared_groups"] == len(shared) > 9 and proof["shared_spans"] == len(overlapping) > 9
    assert proof["mentioned_in_train_and_held_out"] == len(stand["train"] & (stand["validation"] | stand["test"]))
    assert proof["mentioned_in_held_out"] == len(stand["validation"] | stand["test"]) and proof["unaccounted"] == 0


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("abcdef0123456789", "abcdef0123456789", 1),
        ("abcdef0123456789", "ABCDEF0123456789", 0),
        ("abcdef0123456789", "abcdef0123456788", 0),
        ("ABCDEF0123456789", "ABCDEF0123456789", 1),
        ("0" * 8, "0" * 24, 0),
        ("0" * 16, "0" * 32, 0),
        ("a name", "a name", 1),
        ("", "", 1),
    ],
)
def test_the_proof_takes_any_names(tmp_path, one, other, shared):
    write_dataset(
        tmp_path,
        [
            ("train", "0123456789abcdef", [], "the bees fly out when the sun is on the hive"),
            ("train", one, [], "the wind is low, and there is nectar in the lime trees"),
            ("test", other, [], "frames of wax and wood, each of them numbered"),
        ],
    )
    proof = prove(tmp_path)
    assert (proof["shared_groups"], proof["mentioned_in_train_and_held_out"]) == (shared, shared)
    assert (proof["mentioned_in_held_out"], proof["unaccounted"]) == (1, 0)


@pytest.mark.parametrize(
    ("file", "line", "fault"),
    [
        ("provenance", {"split": "dev", "group": "g", "spans": [], "entities": []}, ValueError),
        ("provenance", {"split": "train", "spans": [], "entities": []}, ValidationError),
        ("provenance", {"split": "train", "group": 7, "spans": [], "entities": []}, ValidationError),
        ("provenance", {"split": "train", "group": "g", "spans": [], "entities": [None]}, ValidationError),
        (
            "provenance",
            {"split": "train", "group": "g", "spans": [{"source": "a", "start": 1.5, "end": 2}], "entities": []},
            ValidationError,
        ),
        ("train", {"messages": [{"role": "user", "content": "and no answer"}]}, KeyError),
        (
            "train",
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": None}]},
            ValidationError,
        ),
    ],
)
def test_a_file_that_says_something_else_is_not_proven(tmp_path, file, line, fault):
    write_dataset(tmp_path, [("train", "g1", [(0, 10)], "one"), ("test", "g2", [(10, 20)], "another")])
    assert holds(prove(tmp_path))
    with (tmp_path / f"{file}.jsonl").open("a") as lines:
        print(json.dumps(line), file=lines)
    with pytest.raises(fault):
        prove(tmp_path)


def test_an_example_opens_with_the_words_of_its_sources(tmp_path):
    graph = sample_graph(40)
    make(tmp_path / "d", graph=graph)
    records = lines(tmp_path / "d" / "provenance.jsonl")
    shown = show_example(tmp_path / "d", graph, id=records[4]["id"][:12])
    assert shown.index == 5 and shown.provenance == records[4]
    assert shown.spans[0].text in shown.messages[-1]["content"]
    document = graph.document(shown.spans[0].source).text
    assert document.splitlines()[shown.spans[0].line - 1].startswith(shown.spans[0].text[:10])
    assert show_example(tmp_path / "d", graph, index=5) == shown
    drawn = {show_example(tmp_path / "d", graph, task="ask", seed=seed).index for seed in range(8)}
    assert len(drawn) > 3 and {records[index - 1]["task"] for index in drawn} == {"ask"}
    for wrong in ({"id": "zz"}, {"index": 10**6}, {"task": "tell"}, {"id": records[0]["id"][:1]}):
        with pytest.raises(UsageError):
            show_example(tmp_path / "d", graph, **wrong)
    with pytest.raises(UsageError, match="holds no dataset"):
        show_example(tmp_path, graph)
