# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Each extractor: what it claims, by which spans, and what it does not claim."""

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from enliterator_core import Document, Extraction, Extractor, Raw, Source
from enliterator_data import Json, Toml
from enliterator_markdown import Markdown
from enliterator_pools.history import History, unquoted
from enliterator_pools.manifests import Manifests
from enliterator_pools.prose import Sentences, linked_path
from enliterator_pools.python import PythonCode
from enliterator_pools.rights import Statements, holder_of
from enliterator_python import Python

READERS = {"md": Markdown(), "py": Python(), "toml": Toml(), "json": Json()}


def extract(extractor: Extractor, path: str, text: str, module: str = "") -> Extraction:
    kind = "commit" if path.startswith("commit:") else "file"
    reader = READERS.get(path.rsplit(".", 1)[-1])
    document = reader.read(Raw(path, "", text.encode(), text)) if reader else Document(text)
    if module:
        document = evolve(document, stated=(("module", module),))
    source = Source(path, "0" * 64, "", len(text), kind)
    assert extractor.reads(source)
    return extractor.extract(source, document)


def claims(found: Extraction, text: str) -> list[tuple[str, str, str, list[str]]]:
    return [
        (c.subject.name, c.verb, c.object.name, [text[span.start : span.end] for span in c.evidence])
        for c in found.claims
    ]


# Python


def test_an_import_is_a_dependency_by_its_statement():
    text = "import json\nimport numpy as np\nfrom .nouns import Hive\nfrom bees.scale import weigh\n"
    found = extract(PythonCode(), "bees/roof.py", text, "bees.roof")
    stated = {(target, span) for _, verb, target, (span,) in claims(found, text) if verb == "depends_on"}
    assert ("numpy", "import numpy as np") in stated
    assert ("module bees.nouns", "from .nouns import Hive") in stated
    assert ("module bees.scale", "from bees.scale import weigh") in stated
    assert not any("json" in target for target, _ in stated)
    assert [(one.name, one.kind, one.defines) for one in found.candidates] == [("numpy", "package", False)]


def test_what_a_package_takes_from_its_modules_is_also_called_by_the_packages_name():
    text = "from bees.scale import weigh as heft\nfrom other import thing\n"
    found = extract(PythonCode(), "bees/__init__.py", text, "bees")
    assert [(one.name, one.forms) for one in found.candidates if not one.kind] == [("bees.scale.weigh", ("bees.heft",))]


TESTS = """import pytest
from bees.scale import Scale, weigh, tare

def test_weighs():
    box = make_box()
    result = weigh(box)
    other = tare(box)
    assert result == 12

def test_refuses():
    with pytest.raises(ValueError):
        tare(None)

def test_methods():
    scale = Scale(3)
    assert scale.read() == Scale(4)

def test_compares_only():
    assert 12 == weigh(1)

def test_uses_only():
    weigh(1)
    assert helper(tare(1)) == 1

class TestMore:
    def test_in_class(self):
        self.assertEqual(weigh(2), 2)
"""


def test_a_test_measures_what_its_assertion_looks_at():
    found = extract(PythonCode(), "tests/test_scale.py", TESTS, "tests.test_scale")
    measured = [
        (a.removeprefix("tests.test_scale."), b, spans)
        for a, verb, b, spans in claims(found, TESTS)
        if verb == "measures"
    ]
    assert measured == [
        ("test_weighs", "bees.scale.weigh", ["def test_weighs():", "result = weigh(box)", "assert result == 12"]),
        (
            "test_refuses",
            "bees.scale.tare",
            ["def test_refuses():", "with pytest.raises(ValueError):\n        tare(None)"],
        ),
        (
            "test_methods",
            "bees.scale.Scale.read",
            ["def test_methods():", "scale = Scale(3)", "assert scale.read() == Scale(4)"],
        ),
        ("TestMore.test_in_class", "bees.scale.weigh", ["def test_in_class(self):", "self.assertEqual(weigh(2), 2)"]),
    ]


@pytest.mark.parametrize("text", ["def broken(:\n", "x = 1\n", "\ufeff", "def f():\n\tif 1:\n        2\n"])
def test_code_that_states_nothing_gives_nothing(text):
    assert extract(PythonCode(), "a.py", text, "a") == Extraction()


# manifests


def test_a_project_states_its_requirements_line_by_line():
    text = (
        '[project]\nname = "roof-bees"\ndescription = "Keeps bees on roofs."\nlicense = "MIT"\n'
        'dependencies = [\n  "attrs>=25",\n  "Rs_Bpe<1; python_version > \'3\'",\n]\n'
        '[dependency-groups]\ndev = ["pytest"]\n'
    )
    found = extract(Manifests(), "pyproject.toml", text)
    needs = [(a, b, spans) for a, verb, b, spans in claims(found, text) if verb == "depends_on"]
    assert needs == [
        ("roof-bees", "attrs", ['"attrs>=25"']),
        ("roof-bees", "rs-bpe", ["\"Rs_Bpe<1; python_version > '3'\""]),
        ("roof-bees", "pytest", ['"pytest"']),
    ]
    project = next(one for one in found.candidates if one.kind == "project")
    assert (project.name, project.description) == ("roof-bees", "Keeps bees on roofs.")
    assert next(one for one in found.claims if one.predicate == "license").object.name == "MIT"
    assert next(one for one in found.candidates if one.name == "rs-bpe").forms == ("Rs_Bpe", "rs_bpe")


def test_other_manifests_are_read_too():
    text = '{"name": "hive", "dependencies": {"left-pad": "^1.0.0"}, "devDependencies": {"tape": "5"}}'
    needs = [
        (a, b, c.predicate)
        for c in extract(Manifests(), "package.json", text).claims
        if c.verb == "depends_on"
        for a, b in [(c.subject.name, c.object.name)]
    ]
    assert needs == [("hive", "left-pad", None), ("hive", "tape", "for dev")]
    text = '{"name": "hive", "dependencies": {"@bees/comb": "1", "lodash.merge": "4", "JSONStream": "1"}}'
    named = [
        claim.object.name for claim in extract(Manifests(), "package.json", text).claims if claim.verb == "depends_on"
    ]
    assert named == ["@bees/comb", "lodash.merge", "JSONStream"]  # as npm has them: scopes, dots and capitals count
    lines = "# tools\nattrs>=25  # nouns\n-r other.txt\nclick\n"
    assert [b for _, _, b, _ in claims(extract(Manifests(), "requirements-dev.txt", lines), lines)] == [
        "attrs",
        "click",
    ]


# history

COMMIT = (
    "commit 0123456789abcdef0123456789abcdef01234567\nAuthor: Ada Lind\nDate: 2026-03-01T10:00:00+01:00\n\n"
    "Weigh every hive at dawn\n\nIt is cooler then.\n\n\nA\tscale.py\nM\tREADME.md\nD\told.py\nR090\ta.md\tb.md\n"
)


def test_a_commit_is_a_step_of_the_files_it_touched():
    found = extract(History(), "commit:0123456789abcdef0123456789abcdef01234567", COMMIT)
    name = "Weigh every hive at dawn (0123456)"
    assert [(one.pool, one.name, one.time.value) for one in found.candidates] == [
        ("Evolutionary", name, "2026-03-01T10:00:00+01:00"),
        ("Actor", "Ada Lind", "2026-03-01T10:00:00+01:00"),
    ]
    assert claims(found, COMMIT) == [
        (name, "version_of", "scale.py", ["Weigh every hive at dawn", "A\tscale.py"]),
        ("Ada Lind", "authors", "scale.py", ["Author: Ada Lind", "A\tscale.py"]),
        (name, "version_of", "README.md", ["Weigh every hive at dawn", "M\tREADME.md"]),
        (name, "version_of", "b.md", ["Weigh every hive at dawn", "R090\ta.md\tb.md"]),
    ]


def test_a_commit_of_very_many_files_says_nothing_of_any():
    found = extract(History(most_files=2), "commit:0123456789abcdef0123456789abcdef01234567", COMMIT)
    assert found.claims == ()


@pytest.mark.parametrize("text", ["", "commit 12\n", COMMIT.replace("Weigh every hive at dawn", "█"), COMMIT[:95]])
def test_what_is_no_whole_commit_gives_nothing(text):
    assert extract(History(), "commit:0", text) == Extraction()


def test_quoted_paths_are_read():
    assert unquoted('"a\\303\\251\\tb\\"c.md"') == 'aé\tb"c.md'
    assert unquoted("plain.md") == "plain.md"


# statements of rights


def test_a_file_says_who_owns_it_and_its_licence():
    tag = "SPDX-" + "License-Identifier: "
    text = f"# SPDX-FileCopyrightText: 2026 Kubebi Society <█████>\n# {tag}CC-BY-4.0\nx = 1\n"
    found = extract(Statements(), "a.py", text)
    assert claims(found, text) == [
        ("Kubebi Society", "owns", "a.py", [text.splitlines()[0]]),
        ("a.py", "connects_to", "CC-BY-4.0", [text.splitlines()[1]]),
    ]


def test_a_tag_in_prose_is_not_the_files_own():
    tag = "SPDX-" + "License-Identifier"
    assert extract(Statements(), "a.md", f"Write `{tag}: MIT` into each file.\n").claims == ()


def test_a_holder_in_a_string_is_not_the_files_own():
    text = 'import os\n\nTEXT = """\n# SPDX-FileCopyrightText: 2026 Kubebi Society\n"""\n'
    assert extract(Statements(), "a.py", text).claims == ()


@pytest.mark.parametrize(
    ("words", "holder"),
    [
        ("Jane Doe. All rights reserved.", "Jane Doe"),
        ("Acme, Inc.", "Acme, Inc"),
        ("the copyright holder", None),
        ("█████", None),
        ("notice, this list", None),
        ("1999", None),
    ],
)
def test_a_holder_is_a_name(words, holder):
    assert holder_of(words) == holder


def test_front_matter_names_its_author():
    text = "---\ntitle: Log\nauthor: Ada Lind\n---\n\nText.\n"
    assert claims(extract(Statements(), "a.md", text), text) == [("Ada Lind", "authors", "a.md", ["author: Ada Lind"])]


# sentences


def test_links_and_roles_cite():
    text = "# A\n\nRead on. See [the plan](../plan.md#now) first, or `docs/guide.md`; [out](https://a.example/x.md).\n"
    assert claims(extract(Sentences(), "log/a.md", text), text) == [
        (
            "log/a.md",
            "cites",
            "plan.md",
            ["See [the plan](../plan.md#now) first, or `docs/guide.md`; [out](https://a.example/x.md)."],
        )
    ]
    code = 'def f():\n    """Do it like :func:`~bees.g` does."""\n'
    assert claims(extract(Sentences(), "bees.py", code, "bees"), code) == [
        ("bees.f", "cites", "bees.g()", ["Do it like :func:`~bees.g` does."])
    ]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("b.md", "x/b.md"),
        ("../b.md?v=1#top", "b.md"),
        ("a%20b.md", "x/a b.md"),
        ("../../b.md", None),
        ("#top", None),
        ("mailto:a", None),
        ("/abs.md", "/abs.md"),
        ("folder/", "x/folder"),
    ],
)
def test_links_lead_to_paths_of_the_dataset_only(target, path):
    assert linked_path("x/a.md", target) == path


@pytest.mark.parametrize(
    ("text", "intent", "command"),
    [
        ("To see the help text, run `make help`.\n", "See the help text", "make help"),
        ("- Run `bees check --all` to find sick colonies.\n", "Find sick colonies", "bees check --all"),
    ],
)
def test_a_sentence_says_which_command_does_what(text, intent, command):
    found = extract(Sentences(), "a.md", text)
    assert [(c.subject.name, c.verb, c.object.name) for c in found.claims] == [(intent, "selects_template", command)]


@pytest.mark.parametrize(
    "text",
    [
        "Use `fold()` to compare names.\n",
        "Use `fold` to compare names.\n",
        "Run `make` to do this.\n",
        "To be sure, run `make help`.\n",
        "The tool runs `make help` and stops.\n",
    ],
)
def test_code_that_is_no_command_or_no_aim_is_left(text):
    assert extract(Sentences(), "a.md", text) == Extraction()


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The canon map is based on the **bee dance**.\n", ("bee dance", "influences", "canon map")),
        ("`hive.py` depends on `scale.py`.\n", ("hive.py", "depends_on", "scale.py")),
        ("The brood nest is part of the whole hive.\n", ("brood nest", "part_of", "whole hive")),
        ("The **queen** is also called *mother bee*.\n", ("mother bee", "normalizes", "queen")),
    ],
)
def test_plain_sentences_state_plain_relations(text, claim):
    assert [one[:3] for one in claims(extract(Sentences(), "a.md", text), text)] == [claim]


@pytest.mark.parametrize(
    "text", ["It depends on the weather.\n", "We think that it is part of it.\n", "Look: this precedes that.\n"]
)
def test_pronouns_and_plain_words_state_nothing(text):
    assert extract(Sentences(), "a.md", text).claims == ()


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("Run to`a [](b.md) is:part of\n*See.-|#"), max_size=120))
def test_any_prose_is_read_and_every_span_lies_in_it(text):
    found = extract(Sentences(), "a.md", text)
    spans = [span for one in (*found.claims, *found.candidates) for span in one.evidence]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from('Author: commit 0a\n\tAMDate2-"'), max_size=160))
def test_any_commit_text_is_read(text):
    assert isinstance(extract(History(), "commit:0", text), Extraction)


def test_a_class_that_is_imported_is_not_the_module_of_its_name():
    code = "from bees import Graph, hive\n"
    found = {claim.object.name for claim in extract(PythonCode(), "a.py", code, "a").claims}
    assert "module bees.hive" in found
    assert not any("Graph" in name for name in found)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("It is told in [the guide](/guide/start#top).\n", "/guide/start"),
        ("It is told in {doc}`../guide/start`.\n", "guide/start"),
        ("It is told in :doc:`the guide </guide/start>`.\n", "/guide/start"),
    ],
)
def test_links_of_sites_and_of_sphinx_cite_what_they_lead_to(text, target):
    (claim,) = extract(Sentences(), "x/a.md", text).claims
    assert (claim.verb, claim.object.name) == ("cites", target)
