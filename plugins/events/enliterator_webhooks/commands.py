# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator webhooks`: set them up, try them out, and see what came in and what became of it."""

import click
from attrs import asdict

from enliterator_core import CLAIMED, DEAD, DONE, SKIPPED, WAITING, Records, Session, UsageError, WebhookEvent

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
TEST_TYPE = "enliterator.test"
STATES = (WAITING, CLAIMED, DONE, SKIPPED, DEAD)


@click.group()
def webhooks() -> None:
    """Set webhooks up, and see what came in."""


@webhooks.command("list")
@click.option("--type", "kind", metavar="TYPE", help="Only of this type, like fine_tuning.job.succeeded.")
@click.option("--status", type=click.Choice(STATES), help="Only in this state; dead: those that were given up.")
@click.option("--job", metavar="JOB", help="Only on this job: its number here, or its id at the provider.")
@click.option("--queue", metavar="QUEUE", help="Only of this sender, `ours`, or `handler:NAME`.")
@click.option("--before", type=click.IntRange(min=1), metavar="EVENT", help="Only those older than this one.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="The newest so many.")
@as_json
@click.pass_obj
def list_events(
    session: Session,
    kind: str | None,
    status: str | None,
    job: str | None,
    queue: str | None,
    before: int | None,
    limit: int,
    as_json: bool,
) -> None:
    """List events, newest first: what came in, what happened here, and deliveries to handlers."""
    with session.open() as workspace:
        records = workspace.records
        found = [
            event
            for subject in ([None] if job is None else _subjects(records, job))
            for event in records.events(
                queue=queue, type=kind, state=status, subject=subject, before=before, limit=limit + 1
            )
        ]
    found.sort(key=lambda event: -event.number)
    if as_json:
        session.document("events", [_short(event) for event in found[:limit]])
    elif found:
        head = ("event", "received", "queue", "type", "about", "state", "tries", "note")
        rows = [
            (one.number, one.received_at, one.queue, one.type, one.subject, one.state, one.attempts, one.error)
            for one in found[:limit]
        ]
        session.table([head, *rows], right=(0, 6))
    if len(found) > limit:
        session.note(f"older ones are left out: --before {found[limit - 1].number} goes on")
    if not found:
        session.note("no such events: enliterator webhooks send-test sends one to a running server")


def _subjects(records: Records, job: str) -> list[str]:
    """Return what events on a job may say that they are about; UsageError for a number that no job has."""
    if not job.isdecimal():
        return [job]
    found = records.job(int(job))
    if found is None:
        raise UsageError(f"there is no job {job}", hint="enliterator jobs list shows those that there are")
    return [f"job {found.id}", *([found.remote] if found.remote else [])]


def _short(event: WebhookEvent) -> dict[str, object]:
    values = asdict(event)
    del values["body"]
    return values


@webhooks.command("show")
@click.argument("number", metavar="EVENT", type=click.IntRange(min=1))
@as_json
@click.pass_obj
def show_event(session: Session, number: int, as_json: bool) -> None:
    """Show an event: what it said, what became of it, and what was delivered because of it."""
    with session.open() as workspace:
        event = _event(workspace.records, number)
        others = [
            one for one in workspace.records.events(webhook_id=event.webhook_id, limit=100) if one.number != number
        ]
    if as_json:
        session.document("event", {**asdict(event), "deliveries": [_short(one) for one in others]})
        return
    session.line(f"event {event.number}  {event.state}  {event.type}")
    rows = [
        ("queue", event.queue),
        ("webhook-id", event.webhook_id),
        ("about", event.subject or "nothing that it names"),
        ("received", event.received_at),
        (
            "tries",
            f"{event.attempts}{f', next at {event.due_at}' if event.state == WAITING and event.attempts else ''}",
        ),
        ("held by", f"{event.claimed_by} until {event.due_at}" if event.state == CLAIMED else ""),
        ("settled", event.settled_at or "not yet"),
        ("error", event.error),
    ]
    session.table([row for row in rows if row[1]], indent=2)
    for text in _pretty(event.body).splitlines():
        session.line(f"  {text}")
    if others:
        session.line("the same event elsewhere")
        session.table([(one.number, one.queue, one.state, one.error) for one in others], indent=2, right=(0,))


def _pretty(body: str) -> str:
    import orjson

    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return body  # as it came: a handler's delivery may be anything


def _event(records: Records, number: int) -> WebhookEvent:
    event = records.event(number)
    if event is None:
        raise UsageError(f"there is no event {number}", hint="enliterator webhooks list shows those that there are")
    return event


@webhooks.command()
@click.argument("numbers", metavar="EVENT...", nargs=-1, required=True, type=click.IntRange(min=1))
@as_json
@click.pass_obj
def replay(session: Session, numbers: tuple[int, ...], as_json: bool) -> None:
    """Let events that are settled be handled once more; what is done already is not done twice."""
    with session.open() as workspace:
        for number in numbers:
            _event(workspace.records, number)
        replayed = [workspace.records.replay_event(number) for number in numbers]
    if as_json:
        session.document("events", [_short(event) for event in replayed])
        return
    for event in replayed:
        session.line(f"event {event.number}  {event.state}  {event.type}")
    session.note("a worker takes them: enliterator worker")


@webhooks.command()
@as_json
@click.pass_obj
def stats(session: Session, as_json: bool) -> None:
    """Count events by queue, type and state."""
    with session.open() as workspace:
        totals = workspace.records.event_totals()
    if as_json:
        session.document("totals", [asdict(one) for one in totals])
    elif totals:
        rows = [(one.queue, one.type, one.state, one.events, one.oldest) for one in totals]
        session.table([("queue", "type", "state", "events", "oldest"), *rows], right=(3,))
    else:
        session.note("no events yet")


@webhooks.command()
@click.option("--url", default="https://YOUR-HOST", help="Where the provider reaches this machine, without the path.")
@as_json
@click.pass_obj
def setup(session: Session, url: str, as_json: bool) -> int:
    """Print what to enter at each provider, and check the form of the secrets; exit code 1 when one is wrong."""
    from enliterator_webhooks.setup import steps_for

    with session.open() as workspace:
        steps = steps_for(workspace, url)
    if as_json:
        session.document("senders", [asdict(one) for one in steps])
    for one in steps if not as_json else ():
        session.line(one.name)
        session.line(f"  1. At the provider, make a webhook endpoint with this URL: {one.url}")
        session.line("  2. Choose these event types:")
        for kind in one.event_types:
            session.line(f"       {kind}")
        session.line(
            f"  3. It shows a secret, whsec_..., once: put it into {one.variable} in the server's environment,"
        )
        session.line("     and nowhere else. To change it, put the new one before the old one, with a space between.")
        session.line(
            f"  4. Start the server (enliterator serve) and try: enliterator webhooks send-test --sender {one.name}"
        )
        session.line(f"  {one.variable}: {'; '.join(one.problems) or one.state}")
    return 1 if any(one.problems for one in steps) else 0


@webhooks.command("send-test")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="The running server, without the path.")
@click.option("--sender", default="openai", show_default=True, help="Who to sign as.")
@click.option("--type", "kind", default=TEST_TYPE, show_default=True, help="The event's type.")
@click.option("--about", metavar="ID", default="", help="The event's data.id: a job's id at the provider.")
@click.option(
    "--wait", type=click.FloatRange(0, 600), default=3.0, show_default=True, help="Seconds to wait for a worker."
)
@as_json
@click.pass_obj
def send_test(session: Session, url: str, sender: str, kind: str, about: str, wait: float, as_json: bool) -> None:
    """Sign an event, post it to a running server, and show what became of it.

    It is signed with the first secret in this environment, and looked up in this workspace's records.
    """
    from enliterator_webhooks.setup import keys_for, send, settled

    with session.open() as workspace:
        webhook_id = send(url, sender, keys_for(workspace, sender)[0], kind, about)
        event = settled(workspace.records, sender, webhook_id, wait)
    if as_json:
        session.document("event", asdict(event))
        return
    session.line(
        f"answered 200, kept as event {event.number}: {event.state}{f', {event.error}' if event.error else ''}"
    )
    if event.state == SKIPPED and kind == TEST_TYPE:
        session.note("which is right: it only tells that events come in, and that a worker takes them")
    elif event.state in (WAITING, CLAIMED):
        session.note("no worker has finished it yet: enliterator worker, or enliterator serve --worker")
