# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Each rule of the lexicon: what it takes, and what it leaves alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enliterator_core import Extraction, Raw, Source, plain, unpack_extraction
from enliterator_lexicon import read
from enliterator_lexicon.definitions import long_form
from enliterator_lexicon.forms import number_variants, spoken
from enliterator_lexicon.names import date_of, heading_words, is_instruction
from enliterator_markdown import Markdown
from enliterator_python import Python

READERS = {".md": Markdown(), ".py": Python()}


def found_in(text: str, path: str = "notes/hive.md", module: str | None = None) -> Extraction:
    raw = Raw(path, "", text.encode(), text)
    document = READERS[path[path.rfind(".") :]].read(raw)
    media_type = "text/x-python" if module else "text/markdown"
    values = read(Source(path, "0" * 64, media_type, len(text)), document, module)
    return unpack_extraction(values)


def named(text: str, path: str = "notes/hive.md", module: str | None = None) -> dict[str, tuple[str, str]]:
    found = found_in(text, path, module)
    return {one.name: (one.pool, one.description) for one in found.candidates if one.name != path}


def test_a_document_is_called_by_its_title_and_file_name_and_says_what_it_is():
    (document,) = found_in("# The hive\n\nHow we keep bees on the roof. More.\n").candidates
    assert (document.pool, document.name, document.description) == (
        "Manifest",
        "notes/hive.md",
        "How we keep bees on the roof.",
    )
    assert document.forms == ("The hive", "hive.md")


def test_a_heading_with_text_is_an_idea_in_the_words_of_its_first_sentence():
    names = named("# Bees\n\n## Winter feeding plan\n\nBees *live* on `sugar` in winter. And so on.\n")
    assert names == {"Winter feeding plan": ("Idea", "Bees live on sugar in winter.")}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "![picture](a.png)\n",
        "The following:\n\n- one\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "    code\n",
        "Why?\n",
    ],
)
def test_a_heading_that_no_sentence_describes_is_no_idea(body):
    assert named(f"# Bees\n\n## Winter feeding plan\n\n{body}") == {}


@pytest.mark.parametrize("heading", ["References", "See also", "Added", "Table of contents", "***", "1.", "█████@x"])
def test_headings_that_name_nothing_are_left_out(heading):
    assert named(f"# Bees\n\n## {heading}\n\nA whole sentence stands here.\n") == {}


def test_a_heading_that_says_nothing_by_itself_is_qualified():
    names = named("# Bees\n\n## Queen rearing\n\nIt is an art of its own.\n\n### Notes\n\nKeep it warm at night.\n")
    assert set(names) == {"Queen rearing", "Notes (Queen rearing)"}
    (note,) = (
        one for one in found_in("# Bees\n\n## Background\n\nA whole sentence here.\n").candidates if one.pool == "Idea"
    )
    assert (note.name, note.forms) == ("Background (Bees)", ("Bees Background",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Bees\n\n## Synopsis\n\n```sh\nbees\n```\n\n## Description\n\nBees live in hives.\n", "Bees live in hives."),
        ("---\ntitle: Bees\ndescription: Keep a hive in winter\n---\n\n## Feeding\n\nIt is cold then.\n",
         "Keep a hive in winter"),
        ("# Bees\n\n## Feeding\n\n### `sugar`\n\nThe sugar of the syrup is white.\n", ""),
    ],
)  # fmt: skip
def test_a_document_is_described_by_its_own_words_and_not_by_those_on_a_part(text, said):
    names = {one.name: one.description for one in found_in(text).candidates}
    assert names["notes/hive.md"] == said
    assert not any("Description" in name for name in names)


def test_a_directive_describes_nothing():
    code = 'def feed():\n    """.. versionchanged:: 2.0\n    It is fed twice now.\n    """\n'
    assert named(code, "hive.py", "hive")["hive.feed"] == ("Manifest", "")


def test_one_word_stands_alone_where_its_section_defines_it():
    assert "Swarms" in named("# Bees\n\n## Swarms\n\nA swarm is a colony that leaves with its old queen.\n")
    assert "Swarms (Bees)" in named("# Bees\n\n## Swarms\n\nThey leave in May.\n")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Install the tool", True),
        ("Writing a plugin", True),
        ("How to roll back", True),
        ("Build with make", True),
        ("Build system", False),
        ("Release notes", False),
        ("Training data", False),
        ("Update policy", False),
        ("Set of rules", False),
        ("Watch mode", False),
        ("Install", False),
        ("How it works", False),
    ],
)
def test_instructions_are_told_from_nouns(words, expected):
    assert is_instruction(words) is expected


def test_instructions_are_practical_and_diary_entries_are_experiences():
    text = "# Log\n\n## Open the hive\n\nDo it in calm weather.\n\n## 2 April 2024\n\nWe opened the hive.\n"
    found = {one.name: one for one in found_in(text).candidates}
    assert found["Open the hive"].pool == "Practical"
    entry = found["2 April 2024 (Log)"]
    assert (entry.pool, entry.time.value, entry.time.basis) == ("Experience", "2024-04-02", "statement")


def test_releases_of_a_changelog_follow_each_other_by_their_dates():
    text = "# Changes\n\n## 1.1.0 - 2024-03-01\n\n- Faster.\n\n## 1.0.0 - 2024-01-01\n\n- All of it is here.\n"
    found = found_in(text, "CHANGELOG.md")
    assert {one.name for one in found.candidates if one.pool == "Evolutionary"} == {
        "1.1.0 - 2024-03-01 (Changes)",
        "1.0.0 - 2024-01-01 (Changes)",
    }
    (claim,) = (one for one in found.claims if one.verb == "precedes")
    assert claim.subject.name.startswith("1.0.0")
    assert [text[span.start : span.end] for span in claim.evidence] == [
        "## 1.0.0 - 2024-01-01",
        "## 1.1.0 - 2024-03-01",
    ]


@pytest.mark.parametrize(
    ("text", "name", "description"),
    [
        (
            "- **Super**: the box above the brood, where honey is stored.\n",
            "Super",
            "the box above the brood, where honey is stored.",
        ),
        ("**Brood nest** — the part in which the queen lays.\n", "Brood nest", "the part in which the queen lays."),
        ("Drone\n: A male bee that does not sting anyone.\n", "Drone", "A male bee that does not sting anyone."),
        ("| Term | Meaning |\n|---|---|\n| Queen | the mother of the colony |\n", "Queen", "the mother of the colony"),
        ("A *smoker* is a device that calms bees.\n", "smoker", "A smoker is a device that calms bees."),
    ],
)
def test_definitions_are_ideas(text, name, description):
    assert named(text)[name] == ("Idea", description)


@pytest.mark.parametrize(
    "text",
    [
        "**Note**: the box above the brood is a thing to lift.\n",
        "**Owner:** Jane\n",
        "- **It**: the one that the queen lays in.\n",
        "**Look!** The box above the brood is heavy.\n",
        "**Never lift it.** The box above the brood is heavy.\n",
        "This *really* is a heavy box.\n",
        "| Size | Weight |\n|---|---|\n| 3 | the mother of the colony |\n",
        "It is a box that bees live in.\n",
    ],
)
def test_what_only_looks_like_a_definition_is_none(text):
    assert named(text) == {}


def test_a_table_of_commands_tells_what_each_does():
    names = named("| Command | Description |\n|---|---|\n| `make test` | runs every quick test |\n")
    assert names == {"make test": ("Practical", "runs every quick test")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("`make test` runs every quick test.\n", "make test runs every quick test."),
        ("Do it:\n\n```sh\n$ make test   # runs every quick test\n```\n", "runs every quick test"),
    ],
)
def test_a_command_is_what_its_sentence_or_remark_says(text, said):
    assert named(text) == {"make test": ("Practical", said)}


@pytest.mark.parametrize(
    "text",
    [
        "`weigh(all)` returns every weight.\n",
        "`hive` returns every weight.\n",
        "`make test` is good.\n",
        "```python\nmake test  # runs every quick test\n```\n",
        "```sh\n# runs every quick test\nmake test\n```\n",
    ],
)
def test_code_that_is_no_command_or_says_nothing_is_left(text):
    assert named(text) == {}


def test_an_abbreviation_stands_for_the_words_before_it():
    text = "We ask an **Enliterated Knowledge Navigator** (EKN), which proves each answer.\n"
    found = found_in(text)
    assert {(one.pool, one.name) for one in found.candidates} >= {
        ("Lexicon", "EKN"),
        ("Idea", "Enliterated Knowledge Navigator"),
    }
    (claim,) = found.claims
    assert (claim.subject.name, claim.verb, claim.object.name) == (
        "EKN",
        "normalizes",
        "Enliterated Knowledge Navigator",
    )
    assert "EKN" in text[claim.evidence[0].start : claim.evidence[0].end]


@pytest.mark.parametrize(
    ("before", "short", "long"),
    [
        ("the public key infrastructure", "PKI", "public key infrastructure"),
        ("a first-in-first-out", "FIFO", "first-in-first-out"),
        ("the Bureau of Land Management", "BLM", "Bureau of Land Management"),
        ("the hive", "PKI", None),
        ("many, public key infrastructure", "MPKI", None),
        ("see the file", "URL", None),
    ],
)
def test_only_matching_initials_make_an_abbreviation(before, short, long):
    assert long_form(before, short) == long


def test_numbered_instructions_are_steps_in_their_order():
    text = "# Spring\n\n1. Open the hive on a warm and calm day.\n2. Lift the frames slowly out of the box.\n"
    found = found_in(text)
    (claim,) = (one for one in found.claims if one.verb == "precedes")
    assert claim.subject.name == "Open the hive on a warm and calm day"
    assert [text[span.start : span.start + 2] for span in claim.evidence] == ["1.", "2."]


@pytest.mark.parametrize(
    "text",
    [
        "1. The queen lays eggs.\n2. The workers feed the larvae.\n",
        "- Open the hive on a calm day.\n- Lift the frames slowly out.\n",
        "1. Open the hive\n2. Lift the frames\n",
        "1. Open the hive on a calm day.\n",
    ],
)
def test_lists_that_are_no_instructions_have_no_steps(text):
    assert not [one for one in found_in(text).claims if one.verb == "precedes"]


PYTHON = '''"""Weighs hives."""

class Scale:
    """A scale under a hive. It has no clock."""

    def read(self) -> float:
        """Return the weight in kilograms."""

    def _tare(self) -> None:
        pass

def weigh_all(scales: list) -> list:
    """Weigh every hive

    one after another."""
'''


def test_python_names_what_it_defines_and_what_that_is_part_of():
    found = found_in(PYTHON, "bees/scale.py", "bees.scale")
    things = {one.name: one for one in found.candidates}
    assert set(things) == {"bees/scale.py", "bees.scale.Scale", "bees.scale.Scale.read", "bees.scale.weigh_all"}
    assert things["bees.scale.Scale"].description == "A scale under a hive."
    assert things["bees.scale.weigh_all"].description == "Weigh every hive"
    assert {"weigh_all", "weigh_all()", "scale.weigh_all", "weigh all"} <= set(things["bees.scale.weigh_all"].forms)
    whole = {one.subject.name: one.object.name for one in found.claims if one.verb == "part_of"}
    assert whole == {
        "bees.scale.Scale": "bees/scale.py",
        "bees.scale.Scale.read": "bees.scale.Scale",
        "bees.scale.weigh_all": "bees/scale.py",
    }
    method = next(one for one in found.claims if one.subject.name == "bees.scale.Scale.read")
    assert [PYTHON[span.start : span.end] for span in method.evidence] == ["def read(self) -> float:", "class Scale:"]


def test_a_test_with_a_docstring_is_evidence():
    text = 'def test_it_weighs():\n    """An empty hive weighs twelve kilograms."""\n'
    assert named(text, "tests/test_scale.py", "tests.test_scale") == {
        "tests.test_scale.test_it_weighs": ("Evidence", "An empty hive weighs twelve kilograms.")
    }


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("1.2 *Feeding* bees", "Feeding bees"),
        ("Step 3: Lift it", "Lift it"),
        ("A scale", "A scale"),
        ("---", ""),
        ("2024-01-31", "2024-01-31"),
    ],
)
def test_headings_lose_their_numbers_and_marks(heading, words):
    assert heading_words(heading) == words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 April 2024", "2024-04-02"),
        ("April 2nd, 2024", "2024-04-02"),
        ("v1 (2024-04-02)", "2024-04-02"),
        ("in 2024", None),
        ("99 May 2024", None),
    ],
)
def test_dates_are_read_only_when_whole(text, value):
    assert date_of(text).value == value


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("gold span", ["gold spans"]),
        ("queries", ["query"]),
        ("box", ["boxes"]),
        ("data", []),
        ("testing", []),
        ("class", []),
        ("status", []),
    ],
)
def test_number_is_varied_only_where_english_is_regular(name, forms):
    assert number_variants(name) == forms


def test_code_names_are_spoken():
    assert [spoken(one) for one in ("find_secrets", "GraphStorage", "HTTPServer", "test_it_works", "fold")] == [
        ("find secrets",),
        ("graph storage",),
        ("HTTP server",),
        ("it works",),
        (),
    ]


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("# \n*`_|-1.aB:()É漢[]>ي"), max_size=120))
def test_any_markdown_is_read_and_every_span_holds_its_description(text):
    found = found_in(text)
    for candidate in found.candidates:
        assert all(0 <= span.start < span.end <= len(text) for span in candidate.evidence)
        if candidate.description:
            span = candidate.evidence[0]
            assert candidate.description in plain(text[span.start : span.end])


def test_another_language_gives_what_its_structure_shows():
    names = named("# Пчёлы\n\n## Зимняя подкормка пчёл\n\nПчёлы зимой едят сахар и мёд.\n")
    assert names == {"Зимняя подкормка пчёл": ("Idea", "Пчёлы зимой едят сахар и мёд.")}
