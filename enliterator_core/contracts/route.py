# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A route is declared by path, methods and the place to import it from, so that nothing is imported before `serve`."""

from abc import ABC
from typing import ClassVar


class Route(ABC):
    """An address that `enliterator serve` answers; its fields are its settings.

    `path` may have parameters, as in `/notes/{name}`; `methods` are the HTTP methods that are answered. `target` is
    `package.module:attribute`: a function that is called once, when the server starts, with the route and the
    `Server`, and returns what Starlette takes as an endpoint: an async function from request to response, or an
    object that is an ASGI application.
    """

    name: ClassVar[str]
    path: ClassVar[str]
    methods: ClassVar[tuple[str, ...]]
    target: ClassVar[str]
