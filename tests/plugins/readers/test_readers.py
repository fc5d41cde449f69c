# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The bundled readers: blocks stand where the file says so, in order, and hostile input is survived."""

import json
import tomllib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import Raw, RefusedError, Time
from enliterator_data import Json, Toml
from enliterator_markdown import Markdown
from enliterator_python import Python
from enliterator_text import Text, is_text

READERS = [
    (Markdown(), "a.md", "text/markdown"),
    (Python(), "test_a.py", "text/x-python"),
    (Toml(), "a.toml", "application/toml"),
    (Json(), "a.json", "application/json"),
    (Text(), "a.rst", "text/x-rst"),
    (Text(), "a.sh", "text/x-shellscript"),
]


def read(reader, text, path="a", media_type="text/plain"):
    return reader.read(Raw(path, media_type, b"", text))


def told(document, *kinds):
    """(kind, level, info, name, words) of each block, or of those of the given kinds."""
    return [
        (one.kind, one.level, one.info, one.name, document.text[one.start : one.end])
        for one in document.blocks
        if not kinds or one.kind in kinds
    ]


MARKED = st.lists(
    st.sampled_from(
        [
            "# ",
            "é",
            "```\n",
            "- ",
            "1. ",
            "> ",
            "|a|b|\n|-|-|\n",
            "\n",
            "\n\n",
            "    ",
            "word ",
            "*",
            "<!--",
            "-->",
            "---\n",
            "def f(",
            "):",
            "'''",
            '"',
            "#",
            "\\",
            "class A:\n",
            "    x\n",
            "=",
            "[",
            "]",
            "{",
            "}",
            ",",
            "key",
            ":",
            "1",
            "\r\n",
            "🐝",
            "\u2028",
            "\x0b",
            "===\n",
            ".. note::\n",
            "::\n",
            "\t",
        ]
    ),
    max_size=60,
).map("".join)


@pytest.mark.parametrize(("reader", "path", "media_type"), READERS, ids=lambda one: str(one))
@given(text=MARKED | st.text(max_size=200))
def test_any_text_gives_ordered_blocks_inside_it_and_keeps_it_unchanged(reader, path, media_type, text):
    document = read(reader, text, path, media_type)
    assert document.text == text
    for one in document.blocks:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip()
    assert all(a.start <= b.start for a, b in pairwise(document.blocks))


@pytest.mark.parametrize(("reader", "path", "media_type"), READERS, ids=lambda one: str(one))
def test_what_is_not_text_is_refused(reader, path, media_type):
    with pytest.raises(RefusedError):
        reader.read(Raw(path, media_type, b"\xff", None))


@pytest.mark.parametrize(("reader", "path", "media_type"), READERS, ids=lambda one: str(one))
@pytest.mark.parametrize(
    "deep", ["[" * 50_000, "(" * 50_000, "> " * 5_000, "- " * 3_000, "{'a':" * 20_000, "-" * 50_000]
)
def test_deep_nesting_neither_crashes_nor_hangs(reader, path, media_type, deep):
    assert read(reader, f"x = {deep}", path, media_type).text.endswith(deep)
    assert read(reader, deep, path, media_type).text == deep


def test_markdown_blocks_and_what_they_name():
    text = (
        "---\ntitle: 'Hé'\ntags:\n - a\n - b\ndate: 2026-01-02 # c\nlicense: MIT\n---\n# Hé *x* `code` {#a}\n\n"
        "para é\nmore\n\n"
        "<!-- c -->\n\n- a\n- b\n\n  two\n  1. c\n     ```sh\n     ls é\n     ```\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "> quote\n> more\n\nTerm\n: one\n"
    )
    document = read(Markdown(), text)
    assert document.title == "Hé"
    assert document.time == Time("2026-01-02", "front matter")
    assert dict(document.stated) == {"title": "Hé", "tags": "a, b", "date": "2026-01-02", "license": "MIT"}
    assert told(document)[1:] == [
        ("heading", 1, "", "Hé x code", "# Hé *x* `code` {#a}"),
        ("paragraph", 0, "", "", "para é\nmore"),
        ("comment", 0, "", "", "<!-- c -->"),
        ("item", 1, "-", "", "- a"),
        ("item", 1, "-", "", "- b"),
        ("paragraph", 1, "", "", "two"),
        ("item", 2, "1", "", "1. c"),
        ("code", 0, "sh", "", "ls é"),
        ("table", 0, "head", "a", "| a | b |"),
        ("table", 0, "row", "1", "| 1 | 2 |"),
        ("quote", 0, "", "", "quote\n> more"),
        ("item", 1, "definition", "Term", "Term\n: one"),
    ]


def test_front_matter_is_read_strictly():
    stated = dict(read(Markdown(), '---\na: no\nb: 1.10\nc: |\n  x\nd: "q # r"\ne: [x, "y"]\nf:\n  g: h\n---\n').stated)
    assert stated == {"a": "no", "b": "1.10", "d": "q # r", "e": "x, y"}
    assert dict(read(Markdown(), "+++\ntitle = 'T'\ndate = 2026-02-03\n+++\n").stated) == {
        "title": "T",
        "date": "2026-02-03",
    }
    assert read(Markdown(), "---\ndate: yesterday\n---\n").time == Time()


def test_python_symbols_docstrings_comments_and_imports():
    text = (
        '#!/x\n# a\n# b\n\n"""Mod é.\n\nMore é."""\n'
        "import a, b\nfrom .x import y\n@deco\n"
        "class A(B,\n   m=C,  # c: d\n ):\n"
        '    """Doc."""\n    # é: in\n'
        '    def f(self, a: int = 1, *, b="é:") -> dict[str, "x:y"]:\n        def g():  pass\n\n'
        'def test_x(): # hm\n    s = """\n# not\n"""\nif a:\n    async def h(): ...\n'
    )
    assert told(read(Python(), text, "test_p.py")) == [
        ("comment", 0, "", "", "# a\n# b"),
        ("paragraph", 0, "docstring", "", "Mod é."),
        ("paragraph", 0, "docstring", "", "More é."),
        ("code", 0, "import", "a", "import a, b"),
        ("code", 0, "import", "b", "import a, b"),
        ("code", 0, "import", ".x", "from .x import y"),
        ("symbol", 0, "class", "A", "class A(B,\n   m=C,  # c: d\n ):"),
        ("paragraph", 0, "docstring", "A", "Doc."),
        ("comment", 0, "", "", "# é: in"),
        ("symbol", 1, "method", "A.f", 'def f(self, a: int = 1, *, b="é:") -> dict[str, "x:y"]:'),
        ("symbol", 2, "function", "A.f.g", "def g():"),
        ("symbol", 0, "test", "test_x", "def test_x():"),
        ("symbol", 0, "function", "h", "async def h():"),
    ]


def test_python_that_is_not_valid_is_told_and_still_text():
    document = read(Python(), "def (\n\nx = '\\d'\n")
    assert dict(document.stated)["problem"] == "not valid Python: invalid syntax (line 1)"
    assert told(document) == [("code", 0, "", "", "def ("), ("code", 0, "", "", "x = '\\d'")]
    assert read(Python(), "x = '\\d'\n").stated == ()  # a doubtful escape is valid, and no warning comes through


def value_at(data, path):
    """Follow a block's path in parsed data."""
    rest = path
    while rest:
        if rest[0] == "[":
            index, _, rest = rest[1:].partition("]")
            data = data[int(index)]
        elif rest[0] == '"':
            key, end = json.JSONDecoder().raw_decode(rest)
            data, rest = data[key], rest[end:]
        else:
            key = rest.removeprefix(".").split(".")[0].split("[")[0] if not rest.startswith('."') else None
            if key is None:
                rest = rest[1:]
                continue
            data, rest = data[key], rest.removeprefix(".")[len(key) :]
    return data


KEYS = st.text(alphabet="ab.[\"' é", min_size=1, max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.sampled_from([None, 2]))
def test_a_json_entry_is_its_key_and_the_very_value_that_the_path_leads_to(data, indent):
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    for block in read(Json(), text).blocks:
        member = json.loads("{" + text[block.start : block.end] + "}")
        assert member == {block.name: value_at(data, block.info)}


TOML = """a.b = "x" # c
"q.r" = '''
]['''
[[p]]
m = "1"
[[p]]
m = [1, # [
 2]
[p."q.r"]
z = {a = 1, b = ["}"]}
[[p.k]]
v = 1
[[p.k]]
v = \"\"\"
]\\\"\"\"\"\"\"
[t] # "x"
d = 1979-05-27T07:32:00Z
"""


def test_a_toml_entry_is_its_key_and_the_very_value_that_the_path_leads_to():
    data = tomllib.loads(TOML)
    blocks = read(Toml(), TOML).blocks
    assert [one.info for one in blocks] == [
        "a.b", '"q.r"', "p[0].m", "p[1].m", 'p[1]."q.r".z', "p[1].k[0].v", "p[1].k[1].v", "t.d"
    ]  # fmt: skip
    for block in blocks:
        part = tomllib.loads(TOML[block.start : block.end])
        assert (part["a"]["b"] if block.info == "a.b" else part[block.name]) == value_at(data, block.info)


def test_data_that_is_not_valid_is_told():
    for reader in (Toml(), Json()):
        document = read(reader, "{a: 1\n\nb")
        assert dict(document.stated)["problem"].startswith("not valid: ")
        assert [one[4] for one in told(document)] == ["{a: 1", "b"]
    assert len(read(Json(max_entries=3), json.dumps({str(n): n for n in range(9)})).blocks) == 3


def test_restructured_text():
    text = (
        "Title\n=====\n\npara one\nmore\n\nSub\n---\ntext right after::\n\n    code\n\nback\n\n- a\n- b\n  c\n1. x\n\n"
        ".. code-block:: python\n\n   x = 1\n\n.. a comment\n"
    )
    document = read(Text(), text, "a.rst", "text/x-rst")
    assert document.title == "Title"
    assert told(document) == [
        ("heading", 1, "", "Title", "Title"),
        ("paragraph", 0, "", "", "para one\nmore"),
        ("heading", 2, "", "Sub", "Sub"),
        ("paragraph", 0, "", "", "text right after::"),
        ("code", 0, "", "", "code"),
        ("paragraph", 0, "", "", "back"),
        ("item", 1, "-", "", "- a"),
        ("item", 1, "-", "", "- b\n  c"),
        ("item", 1, "1", "", "1. x"),
        ("code", 0, "python", "", "x = 1"),
        ("comment", 0, "", "", ".. a comment"),
    ]


@pytest.mark.parametrize(
    ("path", "head", "media_type"),
    [
        ("LICENSE", b"MIT", "text/plain"),
        ("a/README", b"", "text/plain"),
        ("Makefile", b"all:", "text/x-code"),
        ("a.sh", b"ls", "text/x-shellscript"),
        ("a.weird", b"x", "text/x-code"),
        ("notes.txt", "é".encode("cp1252") + b"t", "text/plain"),
        ("notes.txt", "é".encode()[:1], "text/plain"),
        ("notes.txt", "hé".encode("utf-16"), "text/plain"),
        ("a.bin", b"\x00\x01", None),
        ("a.txt", b"\x89PNG\r\n\x1a\n", None),
        ("a.txt", bytes(range(128, 256)) * 4, None),
    ],
)
def test_the_text_reader_takes_all_that_is_text_and_nothing_else(path, head, media_type):
    assert Text().matches(path, head) == media_type


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_every_beginning_of_utf8_is_text(text):
    encoded = text.encode()
    assert all(is_text(encoded[:cut]) for cut in range(0, len(encoded) + 1, max(1, len(encoded) // 7)))


def test_remarks_are_no_part_of_what_a_document_says() -> None:
    text = "Hives\n=====\n\n.. note::\n\n   This page is out of date.\n\nBees live in hives.\n"
    blocks = read(Text(), text, "a.rst", "text/x-rst").blocks
    assert [(one.kind, one.info) for one in blocks] == [("heading", ""), ("quote", "note"), ("paragraph", "")]
