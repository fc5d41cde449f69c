# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The life of one tuning job: its states by a script, its events, checkpoints and result file."""

import base64
import json
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from attrs import define, field

from enliterator_openai.testing.shapes import Json

SCRIPT: Final = ("validating_files", "queued", "running", "running", "running", "succeeded")
FINAL: Final = ("succeeded", "failed", "cancelled")
FEWEST: Final = 10  # examples that the API wants at least

BAD_FILE: Final = {
    "code": "invalid_training_file",
    "message": "The job failed due to an invalid training file. Invalid file format. Line 3 has no messages.",
    "param": "training_file",
}
_COLUMNS = ("step", "train_loss", "train_accuracy", "valid_loss", "valid_mean_token_accuracy")


@define
class Job:
    """A job: ``body`` is what creation was asked, ``script`` the states still to come, the present one first."""

    number: str
    body: Json
    script: list[str]
    created_at: int
    examples: int
    size: int
    failure: Json
    extra: Json = field(factory=dict)
    events: list[Json] = field(factory=list)
    checkpoints: list[Json] = field(factory=list)
    paused: bool = False
    steps: int = 0
    finished_at: int | None = None
    tuned_model: str | None = None
    result_files: list[str] = field(factory=list)

    @property
    def status(self) -> str:
        """The state as the API tells it."""
        return "paused" if self.paused else self.script[0]

    @property
    def done(self) -> bool:
        """Whether nothing more happens."""
        return self.script[0] in FINAL

    @property
    def epochs(self) -> int:
        """The epochs that were asked for, or that "auto" comes to."""
        asked = self._hyperparameters().get("n_epochs", "auto")
        return 3 if asked == "auto" else int(asked)

    @property
    def trained_tokens(self) -> int:
        """What the job bills: four characters count as a token, each epoch anew."""
        return max(1, self.size // 4) * self.epochs

    def _method(self) -> Json:
        return dict(self.body.get("method") or {"type": "supervised"})

    def _hyperparameters(self) -> Json:
        method = self._method()
        within = (method.get(method["type"]) or {}).get("hyperparameters")
        return dict(within or self.body.get("hyperparameters") or {})

    def shown(self) -> Json:
        """Return the job as the API shows it."""
        asked = {"n_epochs": "auto", "batch_size": "auto", "learning_rate_multiplier": "auto"}
        asked.update({name: value for name, value in self._hyperparameters().items() if name in asked})
        succeeded = self.script[0] == "succeeded"
        return {
            "id": self.number,
            "object": "fine_tuning.job",
            "model": self.body["model"],
            "created_at": self.created_at,
            "finished_at": self.finished_at,
            "fine_tuned_model": self.tuned_model,
            "organization_id": "org-stand-in",
            "result_files": list(self.result_files),
            "status": self.status,
            "validation_file": self.body.get("validation_file"),
            "training_file": self.body["training_file"],
            "hyperparameters": asked,
            "trained_tokens": self.trained_tokens if succeeded else None,
            "error": self.failure if self.script[0] == "failed" else None,
            "integrations": [],
            "seed": self.body.get("seed", 42),
            "estimated_finish": None if self.done else self.created_at + 600,
            "method": self._method(),
            "metadata": self.body.get("metadata"),
            **self.extra,
        }

    def tell(self, message: str, now: int, data: Json | None = None, level: str = "info") -> None:
        """Add an event; one with ``data`` is of the type metrics."""
        self.events.append(
            {
                "object": "fine_tuning.job.event",
                "id": f"ftevent-{self.number.removeprefix('ftjob-')}-{len(self.events) + 1:03}",
                "created_at": now,
                "level": level,
                "message": message,
                "type": "message" if data is None else "metrics",
                "data": data,
            }
        )

    def advance(self, now: int, keep: Callable[[str, bytes], str]) -> None:
        """Go on to the next state of the script; a finished job stays, and so does one whose script ends sooner.

        ``keep`` stores a result file and returns its id.
        """
        if self.done or self.paused:
            return
        if self.script[0] == "validating_files" and self.examples < FEWEST:
            message = f"Training file has {self.examples} example(s), but must have at least {FEWEST} examples"
            self.failure = {"code": "invalid_n_examples", "message": message, "param": "training_file"}
            self.script = ["validating_files", "failed"]
        if len(self.script) == 1:
            return
        self.script.pop(0)
        self.enter(now, keep)

    def enter(self, now: int, keep: Callable[[str, bytes], str]) -> None:
        """Do what comes with the present state: a message, and metrics, or all that an end brings with it."""
        state = self.script[0]
        if state == "running":
            self._train(now)
        elif state == "succeeded":
            self._succeed(now, keep)
        elif state == "failed":
            self.tell(str(self.failure.get("message", "The job failed.")), now, level="error")
        else:
            self.tell(f"The job is {state}", now)
        if self.done:
            self.finished_at = now

    def _train(self, now: int) -> None:
        for _ in range(10):
            self.steps += 1
            row = self._metrics(self.steps)
            data = {"step": self.steps, "total_steps": 10 * max(1, self.steps // 10), **row}
            self.tell(f"Step {self.steps}: training loss={row['train_loss']}", now, data)
        name = f"{self._tuned()}:ckpt-step-{self.steps}"
        self.checkpoints.append(
            {
                "object": "fine_tuning.job.checkpoint",
                "id": f"ftckpt-{self.number.removeprefix('ftjob-')}-{len(self.checkpoints) + 1}",
                "created_at": now,
                "fine_tuned_model_checkpoint": name,
                "fine_tuning_job_id": self.number,
                "metrics": {"step": float(self.steps), **row},
                "step_number": self.steps,
            }
        )

    def _succeed(self, now: int, keep: Callable[[str, bytes], str]) -> None:
        self.tuned_model = self._tuned()
        lines = [",".join(_COLUMNS)]
        for step in range(1, self.steps + 1):
            row = self._metrics(step)
            shown = [step, row["train_loss"], row["train_mean_token_accuracy"], "", ""]
            if step % 10 == 0:
                shown[3:] = [row["valid_loss"], row["valid_mean_token_accuracy"]]
            lines.append(",".join(map(str, shown)))
        written = ("\n".join(lines) + "\n").encode()
        # The API serves these files in base64 (seen since 2024), which no page of its reference says.
        self.result_files = [keep("step_metrics.csv", base64.b64encode(written))]
        self.tell(f"New fine-tuned model created: {self.tuned_model}", now)
        self.tell("The job has successfully completed", now)

    def _tuned(self) -> str:
        suffix = self.body.get("suffix") or ""
        return f"ft:{self.body['model']}:stand-in:{suffix}:{self.number.removeprefix('ftjob-')}"

    @staticmethod
    def _metrics(step: int) -> dict[str, float]:
        loss = round(0.4 + 2.2 * math.exp(-step / 9), 4)
        accuracy = round(0.95 - 0.5 * math.exp(-step / 9), 4)
        return {
            "train_loss": loss,
            "train_mean_token_accuracy": accuracy,
            "valid_loss": round(loss + 0.05, 4),
            "valid_mean_token_accuracy": round(accuracy - 0.02, 4),
        }


def trouble_in(data: bytes, bom: bool) -> str | None:
    """Return what is wrong with a training file, naming its first wrong line, or None; ``bom`` asks for a UTF-8 BOM."""
    if bom and not data.startswith(b"\xef\xbb\xbf"):
        return "The file must begin with a UTF-8 byte order mark"
    for number, line in enumerate(data.decode("utf-8-sig").splitlines(), start=1):
        try:
            row: Any = json.loads(line)
        except ValueError:
            return f"Invalid file format. Line {number} is not valid JSON"
        pairs = isinstance(row, dict) and {"input", "preferred_output", "non_preferred_output"} <= set(row)
        messages = row.get("messages") if isinstance(row, dict) else None
        if not pairs and not (isinstance(messages, Sequence) and messages and messages[-1].get("role") == "assistant"):
            return f"Invalid file format. Line {number} must have messages, the last one the assistant's"
    return None
