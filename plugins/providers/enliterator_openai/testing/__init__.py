# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the paid API: a real HTTP server on the loopback, for the real SDK, that can be told to misbehave.

    with stand_in(models=("small",)) as server:
        trainer = OpenAI(base_url=server.url, models_file=str(MODELS_FILE)).train()

It keeps files, tuning jobs (with events, checkpoints and result files), models with last days, batches of requests,
and answers chat, responses and embeddings; it sends signed webhooks when a state ends something. ``server.faults``
makes it misbehave, ``server.calls`` says what it was asked. ``python -m enliterator_openai.testing`` runs it alone.
Nothing is ever trained: what it says of losses and models is made up.
"""

from pathlib import Path
from typing import Final

from enliterator_openai.testing.faults import CUT, CUT_AFTER, SLOW, Fault
from enliterator_openai.testing.server import stand_in
from enliterator_openai.testing.state import StandIn
from enliterator_openai.testing.tuning import SCRIPT, Job
from enliterator_openai.testing.webhooks import SECRET, Delivery, Sender, sign

MODELS_FILE: Final = Path(__file__).with_name("models.toml")

__all__ = [
    "CUT",
    "CUT_AFTER",
    "MODELS_FILE",
    "SCRIPT",
    "SECRET",
    "SLOW",
    "Delivery",
    "Fault",
    "Job",
    "Sender",
    "StandIn",
    "sign",
    "stand_in",
]
