# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Enliterator makes a dataset literate. This is what plugins and programs may use; all else may change."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from enliterator_core.canon import (
    POOLS,
    PREDICATES,
    VERBS,
    Pool,
    Verb,
    name_in_words,
    parse,
    phrase_of,
    reverse_of,
    textize,
    write_node,
)
from enliterator_core.columns import EntityColumns, RelationColumns, SpanColumns, entity_columns, relation_columns
from enliterator_core.contracts.command import Command
from enliterator_core.contracts.engine import Engine
from enliterator_core.contracts.event_handler import EventHandler
from enliterator_core.contracts.exporter import Dataset, DatasetExporter, DatasetRow, Exporter
from enliterator_core.contracts.extractor import (
    Candidate,
    Claim,
    Extraction,
    Extractor,
    Reference,
    pack_extraction,
    unpack_extraction,
)
from enliterator_core.contracts.importer import Imported, Importer
from enliterator_core.contracts.provider import (
    Chat,
    ChatAnswer,
    ChatRequest,
    Embed,
    Embeddings,
    ModelInfo,
    Provider,
    Secret,
    env,
)
from enliterator_core.contracts.reader import Raw, Reader
from enliterator_core.contracts.records import Records, SettingChange
from enliterator_core.contracts.route import Route
from enliterator_core.contracts.sampler import Sampler
from enliterator_core.contracts.stage import Context, Progress, Refusal, Stage, StageResult, fingerprint
from enliterator_core.contracts.storage import GraphStorage, Storage
from enliterator_core.contracts.task_type import (
    Draft,
    Grade,
    TaskType,
    Verdict,
    in_batches,
    json_answer,
    json_object,
    trouble_with,
)
from enliterator_core.contracts.tool import Tool
from enliterator_core.contracts.training import (
    Checkpoint,
    JobEvent,
    ProviderFile,
    ProviderJob,
    Trainer,
    TrainingRequest,
)
from enliterator_core.errors import (
    ConfigurationError,
    EnliteratorError,
    GateError,
    InterruptedBuild,
    Problem,
    RefusedError,
    RejectedError,
    ServiceError,
    UsageError,
    did_you_mean,
)
from enliterator_core.events import PROVIDER_EVENTS, Event, wants
from enliterator_core.folders import locked
from enliterator_core.graph import Graph, Kept, Path, Query, fold, fold_all, on_one_line
from enliterator_core.hooks import hookimpl
from enliterator_core.nouns import (
    UNKNOWN_TIME,
    Batch,
    Block,
    Document,
    Entity,
    Example,
    Gap,
    Relation,
    Rights,
    Source,
    Span,
    Term,
    Time,
    content_id,
    entity_id,
    mention_of,
    sha256_of,
    strictest,
)
from enliterator_core.operations import (
    CLAIMED,
    DEAD,
    DONE,
    ENDED,
    OURS,
    SKIPPED,
    WAITING,
    DatasetRecord,
    Deployment,
    EventTotal,
    JobChange,
    JobState,
    TrainingJob,
    UploadedFile,
    Usage,
    UsageTotal,
    WebhookEvent,
    Withdrawal,
)
from enliterator_core.pieces import pack_document, unpack_document
from enliterator_core.prompts import Prompt, prompt_versions, read_prompt
from enliterator_core.reading import module_names, plain, sentences
from enliterator_core.redaction import MASK, Finding, find_secrets, mask
from enliterator_core.version import __version__
from enliterator_core.words import WORD_TABLES, fill_words, find_few, find_words

if TYPE_CHECKING:
    from enliterator_core.interfaces import Server, Session
    from enliterator_core.training import change_told, fetch_metrics, keep_changes, sync, trainer_of
    from enliterator_core.training.deploy import deploy
    from enliterator_core.workspace import Workspace

# fmt: off
__all__ = [
    "CLAIMED", "DEAD", "DONE", "ENDED", "MASK", "OURS", "POOLS", "PREDICATES", "PROVIDER_EVENTS", "SKIPPED",
    "UNKNOWN_TIME", "VERBS", "WAITING", "WORD_TABLES", "Batch", "Block", "Candidate", "Chat", "ChatAnswer",
    "ChatRequest", "Checkpoint", "Claim", "Command", "ConfigurationError", "Context", "Dataset", "DatasetExporter",
    "DatasetRecord", "DatasetRow", "Deployment", "Document", "Draft", "Embed", "Embeddings", "Engine",
    "EnliteratorError", "Entity", "EntityColumns", "Event", "EventHandler", "EventTotal", "Example", "Exporter",
    "Extraction", "Extractor", "Finding", "Gap", "GateError", "Grade", "Graph", "GraphStorage", "Imported", "Importer",
    "InterruptedBuild", "JobChange", "JobEvent", "JobState", "Kept", "ModelInfo", "Path", "Pool", "Problem", "Progress",
    "Prompt", "Provider", "ProviderFile", "ProviderJob", "Query", "Raw", "Reader", "Records", "Reference", "Refusal",
    "RefusedError", "RejectedError", "Relation", "RelationColumns", "Rights", "Route", "Sampler", "Secret", "Server",
    "ServiceError", "Session", "SettingChange", "Source", "Span", "SpanColumns", "Stage", "StageResult", "Storage",
    "TaskType", "Term", "Time", "Tool", "Trainer", "TrainingJob", "TrainingRequest", "UploadedFile", "Usage",
    "UsageError", "UsageTotal", "Verb", "Verdict", "WebhookEvent", "Withdrawal", "Workspace", "__version__",
    "change_told", "content_id", "deploy", "did_you_mean", "entity_columns", "entity_id", "env", "fetch_metrics",
    "fill_words", "find_few", "find_secrets", "find_words", "fingerprint", "fold", "fold_all", "hookimpl", "in_batches",
    "json_answer", "json_object", "keep_changes", "locked", "mask", "mention_of", "module_names", "name_in_words",
    "on_one_line", "pack_document", "pack_extraction", "parse", "phrase_of", "plain", "prompt_versions", "read_prompt",
    "relation_columns", "reverse_of", "sentences", "sha256_of", "strictest", "sync", "textize", "trainer_of",
    "trouble_with", "unpack_document", "unpack_extraction", "wants", "write_node",
]
# fmt: on


_LATE = {
    **dict.fromkeys(("Server", "Session", "Workspace"), "interfaces"),
    **dict.fromkeys(("change_told", "deploy", "fetch_metrics", "keep_changes", "sync", "trainer_of"), "training"),
}


def __getattr__(name: str) -> Any:
    """Import late what only commands, routes and handlers need: the workspace loads what opens plugins."""
    if name in _LATE:
        return getattr(import_module(f"enliterator_core.{_LATE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
