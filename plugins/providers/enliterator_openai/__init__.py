# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""OpenAI, and every server that speaks its protocol at another ``base_url``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from attrs import Factory, evolve, field, frozen
from attrs.validators import ge, gt, in_

from enliterator_core import Chat, Embed, ModelInfo, Provider, Secret, Trainer, hookimpl
from enliterator_openai.service import Limits, Service


def _service(provider: "OpenAI") -> Service:
    hint = "check the model's name"
    if provider.deployment_step:
        hint = "deploy the model at the provider first, then set the deployment's name as the model"
    limits = Limits(provider.max_concurrency, provider.requests_per_minute)
    return Service(provider.base_url, provider.api_key, provider.timeout, provider.max_retries, limits, hint)


@frozen
class OpenAI(Provider):
    """OpenAI's API, or a compatible server's.

    The key comes from the environment variable that ``api_key_variable`` names. ``api`` is the call that the server
    understands: OpenAI's ``responses``, or ``chat`` (chat completions) for most compatible servers. ``timeout`` counts
    seconds for one attempt; failures that pass are retried ``max_retries`` times, honouring Retry-After. At most
    ``max_concurrency`` calls run at once, and ``requests_per_minute`` begin in a minute (0: no limit).

    ``models_file`` is a TOML file of models, prices and last days for a server that is not OpenAI. Known differences
    of such servers: ``tunes`` (false: no tuning), ``hyperparameters_in`` (top-level: beside the method, not in it),
    ``training_options`` (further hyperparameters of the server's own), ``training_type`` (Azure's), ``bom`` (files
    begin with a byte order mark), ``suffix_length``, ``deployment_step`` (a tuned model answers only once it was
    deployed there), ``webhooks`` (false: it announces nothing, jobs are followed by polling only).
    """

    name = "openai"

    base_url: str = "https://api.openai.com/v1"
    api: Literal["responses", "chat"] = field(default="responses", validator=in_(("responses", "chat")))
    api_key_variable: str = "OPENAI_API_KEY"
    timeout: float = field(default=60.0, validator=gt(0))
    max_retries: int = field(default=4, validator=ge(0))
    max_concurrency: int = field(default=8, validator=ge(1))
    requests_per_minute: int = field(default=0, validator=ge(0))
    models_file: str = ""
    tunes: bool = True
    hyperparameters_in: Literal["method", "top-level"] = field(default="method", validator=in_(("method", "top-level")))
    training_options: Mapping[str, Any] = field(factory=dict)
    training_type: str = ""
    bom: bool = False
    suffix_length: int = field(default=64, validator=ge(1))
    deployment_step: bool = False
    webhooks: bool = True
    api_key: Secret = field(init=False, default=Factory(lambda self: Secret(self.api_key_variable), takes_self=True))
    _shared: Service = field(init=False, repr=False, eq=False, default=Factory(_service, takes_self=True))

    def chat(self) -> Chat | None:
        """Return the chat facet; raise ServiceError when there is no key."""
        from enliterator_openai.chat import OpenAIChat

        self._shared.needs_key()
        return OpenAIChat(self._shared, self.api)

    def embed(self) -> Embed | None:
        """Return the embed facet; raise ServiceError when there is no key."""
        from enliterator_openai.embed import OpenAIEmbed

        self._shared.needs_key()
        return OpenAIEmbed(self._shared)

    def train(self) -> Trainer | None:
        """Return the train facet, None for a server that does not tune; it needs the key once it asks something."""
        from enliterator_openai.train import Dialect, OpenAITrainer

        if not self.tunes:
            return None
        dialect = Dialect(
            self.hyperparameters_in, self.training_type, self.training_options, self.bom, self.suffix_length
        )
        # Only the method says which way of training it is; servers that want its parts elsewhere know one way.
        methods = ("supervised", "dpo") if self.hyperparameters_in == "method" else ("supervised",)
        return OpenAITrainer(self._shared, dialect, methods)

    def models(self, *, ask: bool = True) -> list[ModelInfo]:
        """Return what is known of its models, by name: the dated file's, and with ``ask`` what the server lists now."""
        from enliterator_openai.models import laid_over

        known = self._known()
        if not ask:
            return laid_over(known, [])
        self._shared.needs_key()
        with self._shared.asking("its list of models"):
            listed = [(one.id, one.shutdown_date) for one in self._shared.client.models.list().data]
        return laid_over(known, listed)

    def model(self, name: str) -> ModelInfo | None:
        """Return what the dated file says of one model, of a tuned one by its base; None where it says nothing."""
        from enliterator_openai.models import laid_over

        told = laid_over(self._known(), [(name, None)])
        return next((evolve(one, listed=False) for one in told if one.name == name and one.abilities), None)

    def _known(self) -> Mapping[str, ModelInfo]:
        from enliterator_openai.models import BUNDLED, dated

        bundled = BUNDLED if self.base_url.rstrip("/") == "https://api.openai.com/v1" else None
        path = Path(self.models_file) if self.models_file else bundled
        return {} if path is None else dated(path)


@hookimpl
def register_providers() -> list[type[Provider]]:
    """Add OpenAI."""
    return [OpenAI]
