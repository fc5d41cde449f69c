# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The words that questions are made of: what begins and ends them, what pools and verbs are called, what limits."""

from typing import Final

from enliterator_core import POOLS, VERBS

GREETINGS: Final = (
    "", "", "", "", "hey, ", "hi, ", "hello! ", "ok so ", "um, ", "quick one: ", "for the report: ", "me again, ",
    "sorry, one more: ", "hey there, ",
)  # fmt: skip
#: before names; what is asked of a name alone
TOPICS: Final = (
    "", "find ", "find me ", "can you find ", "can u look up ", "i need everything on ", "i'm looking for ",
    "looking 4 ", "show me ", "pls show me ", "what have we got on ", "what's there about ", "anything on ",
    "need info re ", "do we have anything about ", "search ", "where's that thing about ", "what is there on ",
    "i want to read up on ", "gimme ",
)  # fmt: skip
CLOSINGS: Final = ("", "", "", "", " thx", " please", " asap", "?", "??", " ...", " thanks!", ".")
AND: Final = (" and ", " or also ", " + ", " as well as ")

#: what a pool's entities are called: many, one (with a verb in the singular)
NOUNS: Final = {
    "Idea": ("ideas", "concepts", "principles"),
    "Manifest": ("documents", "files", "artefacts", "works"),
    "Experience": ("experiences", "impressions"),
    "Relational": ("groups", "communities"),
    "Evolutionary": ("versions", "changes", "releases"),
    "Practical": ("steps", "procedures", "how-tos"),
    "Emanation": ("influences", "after-effects"),
    "Rights": ("licences", "consents"),
    "Lexicon": ("words", "abbreviations"),
    "Intent": ("requests", "tasks"),
    "Actor": ("people", "organisations"),
    "Spatial": ("places", "locations"),
    "Evidence": ("tests", "measurements", "observations"),
    "Risk": ("risks", "hazards"),
    "Method": ("methods", "models"),
}
POOL_OF: Final = {noun: pool for pool, nouns in NOUNS.items() for noun in nouns} | {name: name for name in POOLS}

#: which verb, read from what is found, a phrase in the singular stands for; those that read alike both ways left out
PHRASES: Final = {
    phrase: name
    for verb in VERBS.values()
    for phrase, name in ((verb.phrase, verb.name), (verb.reverse_phrase, verb.reverse))
    if verb.symmetric or verb.phrase != verb.reverse_phrase
}
VERB_SAID: Final = {name: phrase for phrase, name in PHRASES.items()}


def plural(phrase: str) -> str:
    """Return a verb's phrase with a subject in the plural: depends on, depend on; is part of, are part of."""
    verb, space, rest = phrase.partition(" ")
    irregular = {"is": "are", "was": "were", "has": "have", "lies": "lie", "carries": "carry", "passes": "pass"}
    if verb in irregular:
        verb = irregular[verb]
    elif verb.endswith("s"):
        verb = verb[:-1]
    return f"{verb}{space}{rest}"


PLURALS: Final = {plural(phrase): name for phrase, name in PHRASES.items()}
PLURAL_SAID: Final = {name: phrase for phrase, name in PLURALS.items()}

#: what is said after the head, one limit a piece: {pools} {pool} {phrase} {name} {licence} {time} {number}
LIMITS: Final[dict[str, tuple[str, ...]]] = {
    "pools": (", only {pools}", " ({pools} only)", ", but only {pools}", ", pool {pool}", ", in the {pool} pool",
              ", just the {pools}"),
    "verbs": (", only what {phrase} something", ", if it {phrase} anything", ", as long as it {phrase} something"),
    "trainable": (", must be trainable", ", only what we may train on", ", ok for training", " (trainable only)"),
    "publishable": (", must be publishable", ", only what we may publish", ", free to publish",
                    ", it has to be publishable"),
    "licenses": (", licence {licence}", ", only {licence} stuff", ", must be under {licence}", " ({licence} only)"),
    "limit": (", max {number}", ", top {number}", ", {number} at most", " ({number} will do)",
              ", not more than {number}"),
    "time": (", {time}", " ({time})"),
    "without pools": (", but no {pools}", ", no {pools}", ", without the {pools}", ", leave out {pools}",
                      " (not the {pools})", ", except {pools}"),
    "without licenses": (", nothing under {licence}", ", but no {licence} stuff", ", not under {licence}",
                         ", leave out what is under {licence}"),
    "without terms": (", but not {name}", ", except {name}", ", leave out {name}", ", i already have {name}",
                      ", anything but {name}"),
    "without of": (", but nothing that {phrase} {name}", ", not what {phrase} {name}", ", except what {phrase} {name}",
                   ", not the ones that {plural} {name}", ", leave out whatever {phrase} {name}"),
    "without verbs": (", but nothing that {phrase} anything", ", not what {phrase} something"),
}  # fmt: skip
NUMBERS: Final = {"one": 1, "two": 2, "three": 3, "five": 5, "ten": 10}

#: how what is related to something is asked for; {whom} is who or what, {pools} limits to pools
RELATED: Final = (
    "{whom} {phrase} {names}", "{whom} all {phrase} {names}", "everything that {phrase} {names}",
    "list whatever {phrase} {names}", "show me what {phrase} {names}", "is there anything that {phrase} {names}",
    "i need all that {phrase} {names}", "which {pools} {plural} {names}", "all {pools} that {plural} {names}",
    "list the {pools} that {plural} {names}", "show me {pools} that {plural} {names}",
    "any {pools} that {plural} {names}", "things that {plural} {names}",
)  # fmt: skip
#: the same where no verb is said
NEAR: Final = (
    "what is related to {names}", "everything around {names}", "what has to do with {names}",
    "whatever is connected with {names}", "{pools} around {names}", "which {pools} have to do with {names}",
    "show me {pools} related to {names}",
)  # fmt: skip
#: how what only limits describe is asked for
FILTERED: Final = (
    "all {pools}", "which {pools} do we have", "list the {pools}", "show me {pools}", "{pools}", "any {pools}",
    "what {pools} are there", "give me the {pools}",
)  # fmt: skip
EVERYTHING: Final = ("everything", "what have we got", "show me all there is", "what is there", "what's new")
