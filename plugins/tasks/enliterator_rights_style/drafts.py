# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The one draft that a request in somebody's words leads to: what is made, and what verifying compares with."""

from enliterator_core import MASK, Draft, Graph, Kept, entity_id
from enliterator_rights_style.answers import answered
from enliterator_rights_style.asking import Asked, read_as
from enliterator_rights_style.known import Known, Origin, Thing

Right = tuple[Asked, Draft]
"""What somebody's words ask, and the draft that answers them."""


class Drafts:
    """The right drafts of a graph, kept for a while; ``graph.once(Drafts)`` has them."""

    def __init__(self, graph: Graph) -> None:
        self.known = graph.once(Known)
        self._withholds = graph.withholds
        self.right: Kept[tuple[str, str, str | None], Right | None] = Kept(self._right, 4000)
        """By somebody's words, a source's path and the id of the thing in it that they are about, if they are about
        one: what they ask, and the draft that answers it. None where there is no such request or answer,
        and for a draft that says a masked secret, or what another source withholds."""

    def to(self, user: str, origin: Origin, thing: Thing | None) -> Right | None:
        """Return what is under words that nobody has said before, and keep it there."""
        id = thing.id if thing is not None else None
        return self.right.put((user, origin.path, id), self._made(user, origin, thing))

    def _right(self, key: tuple[str, str, str | None]) -> Right | None:
        user, path, id = key
        return self._made(user, self.known.origins[path], self.known.things[id] if id is not None else None)

    def _made(self, user: str, origin: Origin, thing: Thing | None) -> Right | None:
        known = self.known
        asked = read_as(user, origin, thing, known)
        answer = answered(asked, origin, thing, known) if asked is not None else None
        if asked is None or answer is None or MASK in user or MASK in answer[0]:
            return None
        text, relations, spans = answer
        anchor, about = (thing.id, (thing.id,)) if thing is not None else (entity_id("Manifest", origin.path), ())
        withheld = None if origin.usable else origin.path
        draft = Draft(user, text, anchor, about, relations, spans, None, withheld)
        may_leak = withheld is not None or self._withholds
        return None if may_leak and leak(draft, known) else (asked, draft)


def leak(draft: Draft, known: Known) -> str | None:
    """Return withheld words that a draft says; what its own spans, its path, licence and holder say is no leak."""
    graph = known.graph
    text = f"{draft.user}\n{draft.assistant}"
    withheld = [draft.withheld] if draft.withheld is not None else []
    if graph.leaks(text, *withheld) is None:
        return None
    allowed = [graph.text(span) for span in draft.spans]
    for path in [*withheld, *{span.source for span in draft.spans}]:
        rights = graph.rights_of(path)
        allowed += [path, *(one for one in (rights.license, rights.holder, rights.statement, rights.reason) if one)]
    return graph.leaks(text, *withheld, besides=allowed)
