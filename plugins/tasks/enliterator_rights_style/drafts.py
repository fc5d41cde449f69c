# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The one draft that a request in somebody's words leads to."""

from functools import partial

from enliterator_core import MASK, Draft, Graph, entity_id
from enliterator_rights_style.answers import answered
from enliterator_rights_style.asking import Request, read
from enliterator_rights_style.keeping import Kept
from enliterator_rights_style.things import thing_of


def right_draft(graph: Graph, user: str, path: str, id: str | None) -> tuple[Request, Draft] | None:
    """Return the request that somebody's words are, and the draft that answers it; None where there is none such.

    The words are about a source or a thing (an entity's id) in it. A draft that says a masked secret, or what another
    source withholds, is none.
    """
    return graph.once(_right_drafts)[user, path, id]


def _right_drafts(graph: Graph) -> Kept[tuple[str, str, str | None], tuple[Request, Draft] | None]:
    return Kept(partial(_right_draft, graph))


def _right_draft(graph: Graph, asked: tuple[str, str, str | None]) -> tuple[Request, Draft] | None:
    user, path, id = asked
    request = read(user, path, thing_of(graph, id) if id is not None else None, graph)
    answer = answered(request, graph) if request is not None else None
    if request is None or answer is None or MASK in user or MASK in answer.text:
        return None
    anchor = id if id is not None else entity_id("Manifest", path)
    about = (id,) if id is not None else ()
    withheld = path if answer.withheld else None
    draft = Draft(user, answer.text, anchor, about, answer.relations, answer.spans, withheld=withheld)
    return None if leak(draft, graph) else (request, draft)


def leak(draft: Draft, graph: Graph) -> str | None:
    """Return withheld words that a draft says; what its own spans, its path, licence and holder say is no leak."""
    text = f"{draft.user}\n{draft.assistant}"
    withheld = [draft.withheld] if draft.withheld is not None else []
    if graph.leaks(text, *withheld) is None:
        return None
    allowed = [graph.text(span) for span in draft.spans]
    for path in [*withheld, *{span.source for span in draft.spans}]:
        rights = graph.rights_of(path)
        allowed += [path, *(one for one in (rights.license, rights.holder, rights.statement, rights.reason) if one)]
    return graph.leaks(text, *withheld, besides=allowed)
