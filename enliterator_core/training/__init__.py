# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From a dataset to a model that serves: quote, preflight, a job that is sent once and followed to its end, deploy."""

from enliterator_core.training.control import Chain, chain, checkpoints, control, events
from enliterator_core.training.deploy import deploy, rollback, serving
from enliterator_core.training.follow import Sight, sync, wait_for, watch
from enliterator_core.training.metrics import of_events
from enliterator_core.training.note import change_told, fetch_metrics, keep_changes, take_note
from enliterator_core.training.plan import Plan, Quote, TrainingOptions, plan_training, trainer_of
from enliterator_core.training.preflight import preflight, require
from enliterator_core.training.send import job_of, train
from enliterator_core.training.times import PATIENT, Patience

__all__ = [
    "PATIENT",
    "Chain",
    "Patience",
    "Plan",
    "Quote",
    "Sight",
    "TrainingOptions",
    "chain",
    "change_told",
    "checkpoints",
    "control",
    "deploy",
    "events",
    "fetch_metrics",
    "job_of",
    "keep_changes",
    "of_events",
    "plan_training",
    "preflight",
    "require",
    "rollback",
    "serving",
    "sync",
    "take_note",
    "train",
    "trainer_of",
    "wait_for",
    "watch",
]
