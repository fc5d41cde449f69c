# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What stands around the forms in a request."""

from typing import Final

#: what stands before and after the form that is asked about; the first is the bare form
ASKS: Final = (
    ("", ""),
    ("", "?"),
    ("what is ", "?"),
    ("what's ", ""),
    ("What do we call ", " here?"),
    ("canonical name for ", ""),
    ("Which term is meant by ", "?"),
    ("someone wrote ", ", what is the proper term?"),
    ("look up ", ""),
    ("Is there an entry for ", "?"),
    ("How is ", " properly called in this collection?"),
    ("define ", ""),
    ("", " - what does that stand for?"),
    ('My notes only say "', '". Which entry is that?'),
    ("A colleague keeps talking about ", ". What do they mean?"),
    ('what does "', '" refer to'),
)
#: what stands before a form and between it and the source's own words
CONTEXTS: Final = (
    ("what is ", " in: "),
    ("", ", as in: "),
    ("Which term does ", " stand for here: "),
    ("I do not get ", " in this sentence: "),
)
#: what stands before the source's own words, in which the form is marked
MARKED: Final = (
    "Which term is marked here? ",
    "Give the canonical term for what stands in [[ ]]: ",
    "Name the term in double brackets: ",
)
OPEN, CLOSE = "[[", "]]"
#: what stands before, between and after two forms
COMPARISONS: Final = (
    ("is ", " the same as ", "?"),
    ("Do ", " and ", " mean the same?"),
    ("", " or ", ": one thing or two?"),
    ("can I say ", " when I mean ", "?"),
    ("What is the difference between ", " and ", "?"),
)

#: the first words of all frames, empty where one begins with the form
FIRST_WORDS: Final = frozenset(
    before.partition(" ")[0] for before in (*MARKED, *(frame[0] for frame in (*ASKS, *CONTEXTS, *COMPARISONS)))
)
