"""The outbox emptied: what is due goes to its channels, and what becomes of it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bilateral.alerts.channels import Channel, open_channel
from bilateral.alerts.render import render
from bilateral.errors import DeliveryError
from bilateral.model import Outcome, Waiting

ATTEMPTS = 8  # then it is dead: over ten hours after the first
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=12)
IN_A_ROW = 2  # failures after which a channel is left alone until the next run


def dispatch(
    waiting: Sequence[Waiting], channels: Mapping[str, str], home: Path, now: datetime
) -> list[Outcome]:
    """Deliver what is *waiting* and return what became of it; a failure never stops the rest.

    *channels* say where each leads, by name. A delivery of which nothing is returned was not tried: its channel
    failed several times in a row. A message may arrive twice when the process dies before the outcome is kept.
    """
    opened: dict[str, Channel] = {}
    failed: Counter[str] = Counter()
    outcomes = []
    for due in waiting:
        if failed[due.channel] >= IN_A_ROW:
            continue
        try:
            if due.channel not in opened:
                opened[due.channel] = _open(due.channel, channels, home)
            opened[due.channel].send(render(due.alert))
            failed[due.channel] = 0
            outcomes.append(sent(due, now))
        except DeliveryError as error:
            failed[due.channel] += 1
            outcomes.append(not_sent(due, error.message, now))
    return outcomes


def _open(name: str, channels: Mapping[str, str], home: Path) -> Channel:
    if name not in channels:
        raise DeliveryError(name, f"no such channel; there are {', '.join(sorted(channels)) or 'none'}")
    return open_channel(name, channels[name], home)


def sent(due: Waiting, now: datetime) -> Outcome:
    """Return the outcome of a delivery that was taken."""
    return Outcome(due.alert.alert_id, due.channel, "sent", due.attempts + 1, delivered_at=now)


def not_sent(due: Waiting, error: str, now: datetime) -> Outcome:
    """Return the outcome of a delivery that failed: to be tried again, each time later, or given up."""
    attempts = due.attempts + 1
    if attempts >= ATTEMPTS:
        return Outcome(due.alert.alert_id, due.channel, "dead", attempts, error)
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return Outcome(due.alert.alert_id, due.channel, "failed", attempts, error, next_try_at=now + wait)
