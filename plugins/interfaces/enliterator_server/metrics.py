# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Counters, histograms and gauges, and their text for Prometheus.

The text is version 0.0.4 of the exposition format (https://prometheus.io/docs/instrumenting/exposition_formats/).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Final, TypeVar

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Labels = tuple[tuple[str, str], ...]


class _Counter:
    def __init__(self) -> None:
        self.values: dict[Labels, float] = {}
        self._lock = Lock()

    def __call__(self, amount: float = 1, **labels: str) -> None:
        key = tuple(sorted(labels.items()))
        with self._lock:
            self.values[key] = self.values.get(key, 0) + amount

    def lines(self, name: str) -> Iterator[str]:
        for labels, value in sorted(self.values.items()):
            yield _line(name, labels, value)


class _Histogram:
    def __init__(self, buckets: Sequence[float]) -> None:
        self.bounds = sorted(buckets)
        self.counts = [0] * (len(buckets) + 1)
        self.total = 0.0
        self._lock = Lock()

    def __call__(self, value: float) -> None:
        with self._lock:
            self.counts[bisect_left(self.bounds, value)] += 1
            self.total += value

    def lines(self, name: str) -> Iterator[str]:
        below = 0
        for bound, count in zip([*map(_number, self.bounds), "+Inf"], self.counts, strict=True):
            below += count
            yield _line(f"{name}_bucket", (("le", bound),), below)
        yield _line(f"{name}_sum", (), self.total)
        yield _line(f"{name}_count", (), below)


class _Gauge:
    def __init__(self, read: Callable[[], Mapping[Labels, float]]) -> None:
        self.read = read

    def lines(self, name: str) -> Iterator[str]:
        for labels, value in sorted(self.read().items()):
            yield _line(name, labels, value)


_Made = TypeVar("_Made", _Counter, _Histogram, _Gauge)


class Registry:
    """Everything that is counted in this process; a name may be declared once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str, _Counter | _Histogram | _Gauge]] = {}

    def counter(self, name: str, help: str) -> Callable[..., None]:
        """Declare a counter; call what is returned as `count(amount=1, **labels)`."""
        return self._add(name, help, "counter", _Counter())

    def histogram(self, name: str, help: str, buckets: Sequence[float]) -> Callable[..., None]:
        """Declare a histogram with the upper bounds of its buckets; call what is returned as `observe(value)`."""
        return self._add(name, help, "histogram", _Histogram(buckets))

    def gauge(self, name: str, help: str, read: Callable[[], Mapping[Labels, float]]) -> None:
        """Declare a gauge, which is read whenever the text is asked for."""
        self._add(name, help, "gauge", _Gauge(read))

    def _add(self, name: str, help: str, kind: str, made: _Made) -> _Made:
        if name in self._known:
            raise ValueError(f"the metric {name} is declared twice")
        self._known[name] = help, kind, made
        return made

    def text(self) -> str:
        """Return everything as Prometheus reads it; may take as long as the gauges take to be read."""
        parts = []
        for name, (help, kind, one) in self._known.items():
            explained = help.replace("\\", "\\\\").replace("\n", "\\n")
            try:
                lines = list(one.lines(name))
            except Exception as error:  # noqa: BLE001  a plugin's gauge may raise anything; the others are told
                lines = [f"# {name} cannot be read: {type(error).__name__}"]
            parts += [f"# HELP {name} {explained}", f"# TYPE {name} {kind}", *lines]
        return "\n".join(parts) + "\n"


def _line(name: str, labels: Labels, value: float) -> str:
    inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
    return f"{name}{f'{{{inside}}}' if inside else ''} {_number(value)}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
