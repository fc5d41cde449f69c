# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The task's contract: every example verifies, the same seed gives the same bytes, what is not true is refused."""

from what_kind_task import WhatKind

from enliterator_core import Sampler
from enliterator_core.testing import check_task_type, sample_graph


def test_every_example_holds():
    check_task_type(WhatKind)


def test_the_answer_is_the_pool():
    graph = sample_graph()
    drafts = [draft for batch in WhatKind().generate(graph, Sampler(1)) for draft in batch]
    assert drafts
    for draft in drafts:
        assert draft.assistant == graph.entities[draft.anchor].pool
