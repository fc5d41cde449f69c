# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Rights: what speaks for which file, what it allows, and that nothing is guessed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import Batch, ConfigurationError, Context, UsageError
from enliterator_core.pieces import Pieces
from enliterator_core.testing import MemoryGraph
from enliterator_data import Json, Toml
from enliterator_intake import Intake
from enliterator_markdown import Markdown
from enliterator_python import Python
from enliterator_rights import SettleRights
from enliterator_rights.expressions import allowed, normalized
from enliterator_rights.rules import pattern
from enliterator_rights.statements import holder_of, holders_in
from enliterator_rights.texts import identify
from enliterator_text import Text

APACHE = (Path(__file__).parents[3] / "LICENSES" / "Apache-2.0.txt").read_text(encoding="utf-8")
MIT = """MIT License

Copyright (c) 2019-2024 Kubebi Society <mail@kubebi.example>

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
TAG = "SPDX-License-" + "Identifier: "  # in two pieces: the tags in this file's strings are examples
HOLDER = "SPDX-FileCopyright" + "Text: "


@pytest.fixture
def settle(tmp_path):
    """Write files, run both stages on them, and return the rights by path."""

    def run(files, statement=None):
        for path, content in files.items():
            target = tmp_path / "in" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
        pieces, graph = Pieces(tmp_path / "pieces.db"), MemoryGraph()
        readers = (Markdown(), Python(), Toml(), Json(), Text())
        origins = (str(tmp_path / "in"),)
        context = Context(Batch(1, "b", "", ""), origins, statement, graph, pieces, tmp_path / "d", readers=readers)
        Intake().run(context)
        run.result = SettleRights().run(context)
        run.graph, run.context = graph, context
        pieces.close()
        rights = {one.id: one for one in graph.rights()}
        return {source.path: rights[source.rights] for source in graph.sources()}

    return run


def flags(rights):
    return rights.license, rights.trainable, rights.publishable, rights.quarantined


def test_what_nothing_speaks_for_is_quarantined_with_the_reason(settle):
    found = settle({"a.md": "# A"})["a.md"]
    assert flags(found) == (None, False, False, True)
    assert found.reason == "no licence or statement was found"
    assert settle.result.counts == {"settled": 0, "quarantined": 1, "trainable": 0, "publishable": 0}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", f"#!/usr/bin/python\n# {TAG}MIT\nx = 1\n"),
        ("a.md", f"<!-- {TAG}MIT -->\n# A\n"),
        ("a.md", f"<!--\n{TAG}MIT\n-->\n# A\n"),
        ("a.md", f"---\ntitle: A\n---\n\n<!-- {TAG}MIT -->\n"),
        ("a.md", "---\nlicense: MIT\n---\n# A\n"),
        ("a.css", f"/*\n * {TAG}MIT\n */\nx {{}}\n"),
        ("a.js", f"// {TAG}MIT\n"),
        ("a.rst", f".. {TAG}MIT\n\nA\n"),
        ("a.toml", f"# {TAG}MIT\na = 1\n"),
        ("a.html", f"<!DOCTYPE html>\n<!-- {TAG}MIT -->\n<p>\n"),
        ("README", f"{TAG}MIT\n\nwords\n"),
    ],
)
def test_a_files_own_tag_speaks_for_it(settle, path, text):
    assert flags(settle({path: text})[path]) == ("MIT", True, True, False)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", f'"""Header::\n\n# {TAG}MIT\n"""\n'),
        ("a.py", f"x = 1\n# {TAG}MIT\n"),
        ("a.py", f'TEXT = "# {TAG}MIT"\n'),
        ("a.md", f"# A\n\n```\n# {TAG}MIT\n```\n"),
        ("a.md", f"# {TAG}MIT\n"),
        ("a.md", f"Use `{TAG}MIT`.\n\n<!-- {TAG}MIT -->\n"),
        ("a.py", "#\n" * 40 + f"# {TAG}MIT\n"),
    ],
)
def test_a_tag_that_is_shown_as_an_example_says_nothing(settle, path, text):
    assert settle({path: text})[path].quarantined


def test_the_nearest_licence_upward_speaks_for_a_folder_and_below(settle):
    found = settle(
        {
            "LICENSE": MIT,
            "a.md": "a",
            "x/LICENSE.txt": APACHE,
            "x/y/b.md": "b",
            "z/pyproject.toml": '[project]\nname = "z"\nlicense = "MPL-2.0"\nauthors = [{name = "Zed"}]\n',
            "z/c.md": f"<!-- {TAG}CC0-1.0 -->\n",
            "z/d.md": "d",
        }
    )
    assert [found[p].license for p in ("a.md", "x/y/b.md", "z/c.md", "z/d.md")] == [
        "MIT",
        "Apache-2.0",
        "CC0-1.0",
        "MPL-2.0",
    ]
    assert (found["a.md"].holder, found["z/d.md"].holder) == ("Kubebi Society", "Zed")
    assert (found["a.md"].basis, found["z/d.md"].basis) == ("license file", "manifest")
    assert found["a.md"].confidence > 0.95


def test_a_licence_text_may_be_passed_on_and_is_not_learned_from(settle):
    found = settle({"LICENSE": MIT, "LICENSES/Apache-2.0.txt": APACHE, "a.md": "a"})
    assert flags(found["LICENSE"]) == ("MIT", False, True, False)
    assert flags(found["LICENSES/Apache-2.0.txt"]) == ("Apache-2.0", False, True, False)
    assert found["a.md"].license == "MIT"


def test_a_licence_text_that_is_not_known_quarantines_what_it_speaks_for(settle):
    found = settle(
        {"LICENSE": "You may look at this. All rights reserved.", "a.md": "a", "docs/license.md": "# Our licence\n"}
    )
    assert found["a.md"].quarantined
    assert "LICENSE" in found["a.md"].reason
    assert settle({}, "own")["a.md"].trainable  # the user knows better than a text that nobody knows


def test_a_manifest_says_how_the_texts_beside_it_are_joined(settle):
    files = {"LICENSE-MIT": MIT, "LICENSE-APACHE": APACHE, "a.md": "a"}
    assert settle(files)["a.md"].license == "Apache-2.0 AND MIT"
    manifest = '[package]\nname = "x"\nlicense = "MIT/Apache-2.0"\n'
    assert settle({**files, "Cargo.toml": manifest})["a.md"].license == "MIT OR Apache-2.0"


def test_reuse_annotations_and_sidecars(settle):
    found = settle(
        {
            "REUSE.toml": 'version = 1\n[[annotations]]\npath = "data/**"\nSPDX-License-Identifier = "CC0-1.0"\n'
            'SPDX-FileCopyrightText = "2020 Ann <ann@example.com>"\n'
            '[[annotations]]\npath = "data/*.md"\nprecedence = "override"\nSPDX-License-Identifier = "MIT"\n'
            '[[annotations]]\npath = "both.md"\nprecedence = "aggregate"\nSPDX-License-Identifier = "MIT"\n',
            "data/a.txt": "a",
            "data/own.txt": f"{TAG}ISC\n",
            "data/b.md": f"<!-- {TAG}ISC -->\n",
            "data/deep/c.md": "c",
            "both.md": f"<!-- {TAG}ISC -->\n",
            "picture.txt": "p",
            "picture.txt.license": f"{HOLDER}2021 Bo\n{TAG}CC-BY-4.0\n",
        }
    )
    assert (found["data/a.txt"].license, found["data/a.txt"].holder) == ("CC0-1.0", "Ann")
    assert found["data/own.txt"].license == "ISC"
    assert found["data/b.md"].license == "MIT"
    assert found["data/deep/c.md"].license == "CC0-1.0"
    assert found["both.md"].license == "ISC AND MIT"
    assert (found["picture.txt"].license, found["picture.txt"].holder) == ("CC-BY-4.0", "Bo")


def test_a_creative_commons_link_counts_where_the_document_puts_itself_under_it(settle):
    link = "https://creativecommons.org/licenses/by-sa/4.0/"
    found = settle(
        {
            "a.md": f"This work is licensed under [CC BY-SA]({link}).\n",
            "b.md": f"The photo by Ann is licensed under [CC BY-SA]({link}).\n",
            "c.md": f"```\nThis work is licensed under {link}\n```\n",
        }
    )
    assert found["a.md"].license == "CC-BY-SA-4.0"
    assert found["b.md"].quarantined
    assert found["c.md"].quarantined


def test_what_the_user_states_fills_what_the_sources_leave_open(settle):
    files = {"a.md": "a", "b.md": f"<!-- {TAG}CC0-1.0 -->\n", "c.md": f"<!-- {TAG}LicenseRef-Mine -->\n"}
    found = settle(files, "CC-BY-4.0")
    assert flags(found["a.md"]) == ("CC-BY-4.0", True, True, False)
    assert found["b.md"].license == "CC0-1.0"
    assert flags(found["c.md"]) == ("LicenseRef-Mine", False, False, True)
    assert settle.result.summary == "1 CC-BY-4.0, 1 CC0-1.0, 1 quarantined"
    assert flags(settle({}, "own")["a.md"]) == ("LicenseRef-own", True, False, False)
    with pytest.raises(UsageError, match="neither an SPDX expression nor a file"):
        settle({}, "CC-BY-FOUR")


def test_rules_speak_whatever_the_sources_say(settle, tmp_path):
    rules = tmp_path / "rights.toml"
    rules.write_text(
        '[[rule]]\npath = "talks/**"\nlicense = "CC-BY-NC-4.0"\nholder = "Ann"\n'
        '[[rule]]\npath = ["talks/free.md", "*.txt"]\nlicense = "own"\npublishable = true\n'
        '[[rule]]\npath = "late.md"\nembargo = 2027-06-01\n'
        '[[rule]]\npath = "asked.md"\ntrainable = true\n',
        encoding="utf-8",
    )
    files = {"LICENSE": MIT, "talks/a.md": "a", "talks/free.md": "f", "late.md": "l", "b.md": "b", "asked.md": "c"}
    found = settle(files, str(rules))
    assert flags(found["talks/a.md"]) == ("CC-BY-NC-4.0", False, False, False)
    assert found["talks/a.md"].holder == "Ann"
    assert flags(found["talks/free.md"]) == ("LicenseRef-own", True, True, False)
    assert (found["late.md"].trainable, found["late.md"].embargo) == (False, "2027-06-01")
    assert found["b.md"].license == "MIT"
    rules.write_text(
        '[[rule]]\nlicence = "MIT"\n[[rule]]\npath = "a"\ntrainable = "no"\nembargo = "soon"\n', encoding="utf-8"
    )
    with pytest.raises(ConfigurationError) as caught:
        settle({}, str(rules))
    paths = [one.path for one in caught.value.problems]
    assert paths == ["rule[0].licence", "rule[0].path", "rule[1].trainable", "rule[1].embargo"]


def test_reserved_text_mining_is_respected(settle):
    found = settle({"LICENSE": MIT, "a.md": "---\ntdm-reservation: 1\n---\n# A\n", "b.md": "b"})
    assert flags(found["a.md"]) == ("MIT", False, True, False)
    assert "tdm-reservation" in found["a.md"].reason
    assert found["b.md"].trainable


def test_a_changed_licence_changes_what_it_speaks_for(settle):
    assert settle({"LICENSE": MIT, "a.md": "a"})["a.md"].license == "MIT"
    assert settle({"LICENSE": APACHE})["a.md"].license == "Apache-2.0"
    assert settle.context.worked["rights"] == 1
    assert settle({"LICENSE": "Nothing is allowed."})["a.md"].quarantined


@pytest.mark.parametrize(
    ("expression", "trainable", "publishable", "known"),
    [
        ("MIT", True, True, True),
        ("GPL-3.0-or-later", True, True, True),
        ("CC-BY-SA-4.0", True, True, True),
        ("CC-BY-NC-4.0", False, False, True),
        ("CC-BY-ND-4.0", False, True, True),
        ("CC-BY-NC-ND-4.0", False, False, True),
        ("PolyForm-Noncommercial-1.0.0", False, False, True),
        ("BUSL-1.1", False, False, True),
        ("LicenseRef-Mine", False, False, False),
        ("MIT OR CC-BY-NC-4.0", True, True, True),
        ("MIT AND CC-BY-NC-4.0", False, False, True),
        ("MIT AND LicenseRef-Mine", False, False, False),
        ("MIT OR LicenseRef-Mine", True, True, True),
        ("Apache-2.0 WITH LLVM-exception", True, True, True),
    ],
)
def test_what_an_expression_allows(expression, trainable, publishable, known):
    may = allowed(normalized(expression))
    assert (may.trainable, may.publishable, may.known) == (trainable, publishable, known)
    assert (may.reason is None) == (trainable and publishable)


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        ("mit", "MIT"),
        ("MIT License", "MIT"),
        ("GPL-3.0", "GPL-3.0-only"),
        ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
        ("Proprietary", None),
        ("UNLICENSED", None),
        ("MIT AND", None),
        ("((", None),
        ("", None),
        ("NOASSERTION", None),
    ],
)
def test_expressions_are_read_strictly(words, expression):
    assert normalized(words) == expression


@given(st.text(max_size=60) | st.text(alphabet="MITANDORW ()-+.", max_size=40))
def test_no_words_break_the_reading_of_expressions(words):
    expression = normalized(words)
    if expression is not None:
        assert normalized(expression) == expression
        assert isinstance(allowed(expression).known, bool)


def test_licence_texts_are_told_and_altered_ones_are_not():
    assert identify(MIT).license == "MIT"
    assert identify(MIT.replace("\n", " ").upper()).license == "MIT"
    assert identify(APACHE).license == "Apache-2.0"
    assert identify(APACHE.split("APPENDIX")[0]).license == "Apache-2.0"
    assert identify(MIT + "\n\nThe Software may be used for non-commercial purposes only.\n") is None
    assert identify(MIT + APACHE) is None
    assert identify("Commons Clause License Condition v1.0\n\n" + MIT) is None
    assert identify("word " * 50_000) is None
    assert identify("") is None


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("2026 The Enliterator authors", "The Enliterator authors"),
        ("Copyright (c) 2019-2024, Ann Lee <ann@example.com>", "Ann Lee"),
        ("© 2020 Kubebi Society. All rights reserved.", "Kubebi Society"),
        ("2018 Bo ████████████", "Bo"),
        ("<year> <copyright holders>", ""),
        ("[yyyy] [name of copyright owner]", ""),
        ("2020", ""),
        ("(c) Tjarda Koster, https://example.com", "Tjarda Koster"),
        ("(c) their respective copyright owners", ""),
        ("on the Program, and are irrevocable", ""),
    ],
)
def test_holders_are_names_without_years_and_addresses(words, name):
    assert holder_of(words) == name


def test_who_wrote_a_licence_does_not_hold_what_is_under_it():
    text = "Copyright (c) 2020 Ann Lee\n\nThe Terms\n\nCopyright (c) 2000, The Foundation.\n\nEveryone is permitted "
    assert holders_in(f"{text}to copy and distribute verbatim copies\nof this license document.\n") == ["Ann Lee"]


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("*.md", "a.md", True),
        ("*.md", "x/a.md", False),
        ("**/*.md", "a.md", True),
        ("**/*.md", "x/y/a.md", True),
        ("x/**", "x/y/z", True),
        ("x/**", "xy", False),
        ("**", "a/b", True),
        ("a\\*", "a*", True),
        ("a\\*", "ab", False),
        ("a.b", "axb", False),
    ],
)
def test_globs(glob, path, matches):
    assert bool(pattern(glob).match(path)) == matches
