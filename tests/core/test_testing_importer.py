# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The check of importers accepts what keeps the contract, and tells each fault."""

from itertools import count

import pytest
from attrs import evolve

from enliterator_core import Block, Candidate, Claim, Extraction, Importer, Reference, Span
from enliterator_core.cli.examples.links_importer import Links
from enliterator_core.testing import check_importer


@pytest.fixture
def links(tmp_path):
    path = tmp_path / "a.links"
    path.write_text("one\tknows\ttwo\nnothing\ntwo\tknows\tthree\n", encoding="utf-8")
    return str(path)


def test_the_example_keeps_the_contract(links):
    (one,) = check_importer(Links(), links)
    assert [claim.predicate for claim in one.extraction.claims] == ["knows", "knows"]


def changed(change) -> Importer:
    class Changed(Links):
        def read(self, origin, mapping, refuse):
            for one in super().read(origin, mapping, refuse):
                yield change(one)

    return Changed()


NUMBERS = count()
SPAN = Span("a.links", 0, 3)
FAULTS = {
    "other sources": lambda one: evolve(one, source=evolve(one.source, title=str(next(NUMBERS)))),
    "not rows": lambda one: evolve(one, source=evolve(one.source, kind="file")),
    "outside its text": lambda one: evolve(one, document=evolve(one.document, blocks=(Block("item", 0, 999),))),
    "gives evidence in": lambda one: evolve(one, source=evolve(one.source, path="b.links")),
    "has evidence outside": lambda one: evolve(
        one, extraction=Extraction((Candidate("Idea", "x", evidence=(Span("a.links", 5, 999),)),))
    ),
    "has no evidence": lambda one: evolve(one, extraction=Extraction((Candidate("Idea", "x"),))),
    "other words": lambda one: evolve(
        one, extraction=Extraction((Candidate("Idea", "x", description="two", evidence=(SPAN,)),))
    ),
    "nothing states": lambda one: evolve(
        one, extraction=Extraction((), (Claim(Reference("Idea", "x"), "cites", Reference("Idea", "y"), ()),))
    ),
}


@pytest.mark.parametrize("told", FAULTS)
def test_each_fault_is_told(told, links):
    with pytest.raises(AssertionError, match=told):
        check_importer(changed(FAULTS[told]), links)


def test_what_is_not_claimed_is_told(links):
    with pytest.raises(AssertionError, match="does not claim"):
        check_importer(Links(), links + "x")
    with pytest.raises(AssertionError, match="is no Importer"):
        check_importer(object(), links)
