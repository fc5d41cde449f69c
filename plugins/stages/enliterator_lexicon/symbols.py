# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Terms from Python code: modules, classes, functions and tests, with what their docstrings say."""

import re
from typing import Final

from enliterator_core import MASK, Block, Candidate, Claim, Reference, Span, plain, sentences
from enliterator_lexicon.documents import Found
from enliterator_lexicon.forms import spoken
from enliterator_lexicon.prose import first_sentence

_TEST_MODULE: Final = re.compile(r"tests?|test_.*|.*_tests?|conftest")


def about_symbols(found: Found, module: str) -> None:
    """Add what a module defines, and that it is part of the class or module that its definition stands in."""
    text = found.document.text
    symbols = {block.name: block for block in found.document.blocks if block.kind == "symbol" and block.name}
    docstrings: dict[str, Block] = {}
    for block in found.document.blocks:
        if block.info == "docstring" and block.name:
            docstrings.setdefault(block.name, block)
    helpers = bool(_TEST_MODULE.fullmatch(module.rpartition(".")[2]))
    wanted = _wanted(symbols, docstrings, helpers)
    for name in wanted:
        block, docstring = symbols[name], docstrings.get(name)
        owner = name.rpartition(".")[0]
        parent = symbols.get(owner)
        if block.info == "test":
            _about_test(found, module, block, docstring)
            continue
        said = _summary(text, docstring) if docstring else None
        full = f"{module}.{name}"
        header = found.span(block.start, block.end)
        evidence = (found.span(*said[1]), header) if said else (header,)
        forms = _forms(module, name, block.info)
        kind = "method" if block.info != "class" and parent else block.info
        found.candidates.append(
            Candidate("Manifest", full, kind, said[0] if said else "", forms, evidence, found.document.time)
        )
        _part_of(found, full, header, (f"{module}.{owner}", parent) if parent else None)


def _wanted(symbols: dict[str, Block], docstrings: dict[str, Block], helpers: bool) -> list[str]:
    """Return the names, in order, of what is public or documented and in no function, with the classes around it.

    In a module of tests, what is neither a test nor documented only helps.
    """
    wanted: set[str] = set()
    for name, block in symbols.items():
        owners = [name[:place] for place, character in enumerate(name) if character == "."]
        if block.info == "module" or any(owner not in symbols or symbols[owner].info != "class" for owner in owners):
            continue
        public = not helpers and not any(part.startswith("_") for part in name.split("."))
        if name in docstrings or public:
            wanted.update((name, *owners))
    return [name for name in symbols if name in wanted]


def _part_of(found: Found, name: str, header: Span, owner: tuple[str, Block] | None) -> None:
    spans = [header]
    whole = found.source.path
    if owner:
        whole = owner[0]
        spans.append(found.span(owner[1].start, owner[1].end))
    claim = Claim(Reference("Manifest", name), "part_of", Reference("Manifest", whole), tuple(spans))
    found.claims.append(claim)


def _about_test(found: Found, module: str, block: Block, docstring: Block | None) -> None:
    """Add a test that says in its docstring what it shows; other tests are found by what they check."""
    said = _summary(found.document.text, docstring) if docstring else None
    if said is None:
        return
    header = found.span(block.start, block.end)
    forms = (block.name, *spoken(block.name))
    found.add(
        Candidate(
            "Evidence",
            f"{module}.{block.name}",
            "test",
            said[0],
            forms,
            (found.span(*said[1]), header),
            found.document.time,
        )
    )


def _summary(text: str, docstring: Block) -> tuple[str, tuple[int, int]] | None:
    """Return a docstring's first sentence; a first paragraph without a stop counts as one."""
    start, end = docstring.start, docstring.end
    found = first_sentence(text, start, end)
    first = next(iter(sentences(text, start, end)), None)
    if first is None or (found and found[1] == first) or text.startswith(".. ", start):
        return found
    words = plain(text[slice(*first)])
    if MASK in words or len(words) > 300 or len(words.split()) < 2 or words.endswith((":", "?")):
        return None
    return words, first


def _forms(module: str, name: str, sort: str) -> tuple[str, ...]:
    last = module.rsplit(".", 1)[-1]
    calls = [f"{name}()", f"{name.rsplit('.', 1)[-1]}()"] if sort != "class" else []
    forms = [name, name.rsplit(".", 1)[-1], f"{last}.{name}", *calls, *spoken(name.rsplit(".", 1)[-1])]
    return tuple(dict.fromkeys(form for form in forms if form != f"{module}.{name}"))
