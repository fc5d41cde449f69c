# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A stranger's plugin that ends the process without a word where the environment says so: KILL is

`stage NAME` (just after that stage), `source N` (when the pools stage comes to its Nth source), `rename N before` or
`rename N after` (around the Nth time that something is renamed into its place), `pause SECONDS` (not killed: every
source takes that long).
"""

import os
import signal
import time
from pathlib import Path

from attrs import define, field

from enliterator_core import Extraction, Extractor, Stage, StageResult, hookimpl

STAGES = ("intake", "rights", "lexicon", "pools", "graph", "representations", "literacy", "deliverables")
WHAT, *HOW = os.environ.get("KILL", "nothing").split()


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def killer(after_stage):
    class Killer(Stage):
        name = f"after_{after_stage}"
        after = (after_stage,)

        def run(self, context):
            if WHAT == "stage" and [after_stage] == HOW:
                die()
            return StageResult({}, "went by")

    return Killer


@define
class KillingExtractor(Extractor):
    """Finds nothing."""

    name = "killing"
    _seen: int = field(default=0, init=False, repr=False)

    def extract(self, source, document):
        self._seen += 1
        if WHAT == "source" and self._seen == int(HOW[0]):
            die()
        if WHAT == "pause":
            time.sleep(float(HOW[0]))
        return Extraction()


def killing(method, renamed):
    """Return the method, which ends the process around the Nth thing renamed."""

    def rename(self, target):
        renamed.append(target)
        now = len(renamed) == int(HOW[0])
        if now and HOW[1] == "before":
            die()
        done = method(self, target)
        if now and HOW[1] == "after":
            die()
        return done

    return rename


if WHAT == "rename":
    together = []
    Path.rename = killing(Path.rename, together)
    Path.replace = killing(Path.replace, together)


@hookimpl
def register_stages():
    return [killer(stage) for stage in STAGES]


@hookimpl
def register_extractors():
    return [KillingExtractor]
