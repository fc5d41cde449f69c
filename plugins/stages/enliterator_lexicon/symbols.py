# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Terms from Python code: modules, classes, functions and tests, with what their docstrings say."""

from enliterator_core import MASK, Block, Candidate, Claim, Reference, Span, plain, sentences
from enliterator_lexicon.documents import Found
from enliterator_lexicon.forms import spoken
from enliterator_lexicon.prose import first_sentence


def about_symbols(found: Found, module: str) -> None:
    """Add what a module defines, and that it is part of the class or module that its definition stands in."""
    text = found.document.text
    symbols = {block.name: block for block in found.document.blocks if block.kind == "symbol" and block.name}
    docstrings: dict[str, Block] = {}
    for block in found.document.blocks:
        if block.info == "docstring" and block.name:
            docstrings.setdefault(block.name, block)
    for name, block in symbols.items():
        owner, _, last = name.rpartition(".")
        parent = symbols.get(owner)
        if block.info == "module" or (owner and (parent is None or parent.info != "class")):
            continue
        docstring = docstrings.get(name)
        if docstring is None and (last.startswith("_") or any(part.startswith("_") for part in owner.split("."))):
            continue
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


def _part_of(found: Found, name: str, header: Span, owner: tuple[str, Block] | None) -> None:
    spans = [header]
    whole = found.source.path
    if owner:
        whole = owner[0]
        spans.insert(0, found.span(owner[1].start, owner[1].end))
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
    if first is None or (found and found[1] == first):
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
