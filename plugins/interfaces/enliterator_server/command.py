# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator serve`."""

import ipaddress
import logging
import signal
import socket
import sys
from typing import TYPE_CHECKING, Final

import click

from enliterator_core import ServiceError, Session

if TYPE_CHECKING:
    import uvicorn

    from enliterator_server.site import Site

CONNECTIONS: Final = 256
HEADER_BYTES: Final = 16 * 1024
KEEP_ALIVE_SECONDS: Final = 5
STOP_SECONDS: Final = 10


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to answer at; 0.0.0.0: every one.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free one.")
@click.option(
    "--worker",
    "workers",
    type=click.IntRange(0, 64),
    is_flag=False,
    flag_value=1,
    default=0,
    metavar="[N]",
    help="Run N workers (one, if no number is given) beside it.",
)
@click.option(
    "--request-seconds",
    type=click.FloatRange(0.1, 3600),
    default=20.0,
    show_default=True,
    help="How long a request may take to arrive.",
)
@click.pass_obj
def serve(session: Session, host: str, port: int, workers: int, request_seconds: float) -> None:
    """Answer on the network: the routes of all plugins, /healthz, /readyz and /metrics.

    The first line on stdout is the address. Only this machine can reach it, unless --host says otherwise: put a proxy
    with TLS in front. SIGTERM and Ctrl-C stop it when what is under way is answered.
    """
    from enliterator_server.site import Site
    from enliterator_server.workers import Workers

    with session.open() as workspace, _bound(host, port) as bound:
        site = Site(workspace)
        server = _server(site, request_seconds)
        for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises once more, when it has stopped, what stopped it
            signal.signal(number, lambda *_: setattr(server, "should_exit", True))
        with Workers(workers, workspace.root, site):
            _announce(session, site, bound, host)
            server.run(sockets=[bound])
    session.note("stopped")


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens; ServiceError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise ServiceError(
            f"{host} port {port} cannot be had: {error.strerror or error}", hint="choose another with --port or --host"
        ) from error


def _server(site: "Site", seconds: float) -> "uvicorn.Server":
    import uvicorn

    from enliterator_server.application import application
    from enliterator_server.protocol import with_deadline

    cut = site.metrics.counter("enliterator_http_cut_total", "Connections cut off: late, or no HTTP.")
    config = uvicorn.Config(
        application(site, site.workspace.plugins.routes),
        http=with_deadline(seconds, lambda why: cut(why=why)),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=HEADER_BYTES,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    logger = logging.getLogger("uvicorn.error")
    logger.handlers, logger.propagate = [site.handler()], False
    logger.setLevel(logging.WARNING)
    return uvicorn.Server(config)


def _announce(session: Session, site: "Site", bound: socket.socket, host: str) -> None:
    """Say where it answers, who can reach it, and what is wrong so far."""
    shown = f"[{host}]" if ":" in host else host
    session.line(f"http://{shown}:{bound.getsockname()[1]}")
    sys.stdout.flush()
    if _is_loopback(host):
        session.note("only this machine can reach it (--host says otherwise)")
    else:
        session.note("other machines can reach it, without TLS: put a proxy in front (docs/operations.md)")
    for route in site.workspace.plugins.routes:
        session.note(f"  {', '.join(route.methods)} {route.path}  {route.name}")
    session.note("  GET /healthz, /readyz, /metrics")
    for name, trouble in site.troubles():
        if trouble:
            session.note(f"not ready: {name}: {trouble}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
