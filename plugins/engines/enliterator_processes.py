# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""processes: work on the cores of this machine, in processes that share what this one holds in memory."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_all_start_methods, get_context
from typing import Any, Final, TypeVar

from attrs import field, frozen
from attrs.validators import ge

from enliterator_core import Engine, ServiceError, hookimpl

T = TypeVar("T")

#: what forked processes find in their memory: a function that is a closure cannot be sent to them
_functions: Final[dict[int, Callable[[Any], Any]]] = {}


def _run(number: int, batch: Any) -> Any:
    return _functions[number](batch)


def _end_with(parent: int) -> None:
    """Let this process end when the one that started it is gone, however that ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@frozen
class Processes(Engine):
    """Run batches in several processes of this machine, forked so that they share the graph in memory.

    ``processes`` is how many: with 1, and on a system that cannot fork, all runs in this one.
    """

    name = "processes"

    processes: int = field(default=1, validator=ge(1))

    def map_batches(self, function: Callable[[T], Any], batches: Iterable[T]) -> Iterator[Any]:
        """Yield the results in the order of the batches; ServiceError when a process is ended from outside."""
        if self.processes == 1 or "fork" not in get_all_start_methods():
            yield from map(function, batches)
            return
        number = id(function)
        _functions[number] = function
        pool = ProcessPoolExecutor(
            self.processes, mp_context=get_context("fork"), initializer=_end_with, initargs=(os.getpid(),)
        )
        try:
            for running in [pool.submit(_run, number, batch) for batch in batches]:
                yield running.result()
        except BrokenProcessPool as error:
            raise ServiceError(
                "a process that made examples was ended from outside",
                hint="is there memory enough? fewer processes need less: the setting of enliterator_processes",
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)
            del _functions[number]


@hookimpl
def register_engines() -> list[type[Engine]]:
    """Add the process pool."""
    return [Processes]
