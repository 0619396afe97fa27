"""The channels: the terminal, a file, and all that Apprise reaches."""

from __future__ import annotations

import json
import logging
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from bilateral.errors import DeliveryError
from bilateral.model import Message

SECONDS = 15  # for one delivery over the network, whatever the service does


class Channel(Protocol):
    """A way to reach people; `send` raises DeliveryError when the message was not taken."""

    def send(self, message: Message) -> None:
        """Hand *message* over; it may have been handed over before."""


def open_channel(name: str, target: str, home: Path) -> Channel:
    """Return the channel of that *name* of sources.yaml.

    *target* is "terminal", "file:PATH" (relative to *home*) or an address of Apprise, in which ${NAME} stands for
    an environment variable. Raises DeliveryError, which never holds the address.
    """
    if target == "terminal":
        return Terminal(name)
    if target.startswith("file:"):
        return File(name, home / target.removeprefix("file:"))
    return Service(name, _filled(name, target))


def deliver(message: Message, name: str, target: str, home: Path) -> None:
    """Hand one *message* to one channel."""
    open_channel(name, target, home).send(message)


class Terminal:
    """Prints to stderr; markup and control characters in a text do nothing."""

    def __init__(self, name: str) -> None:
        self.name = name

    def send(self, message: Message) -> None:
        """Print *message*."""
        from rich.console import Console
        from rich.text import Text

        console = Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)
        try:
            console.print(Text.assemble((f"[{message.tier}] {message.title}", "bold")))
            console.print(Text(message.body))
        except OSError as error:
            raise DeliveryError(self.name, f"stderr: {error.strerror or error}") from error


class File:
    """Appends one JSON object a line; an alert that stands in the file is not written again."""

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path = name, path
        self._written: set[str] | None = None

    def send(self, message: Message) -> None:
        """Append *message*, and return when it is on the disk."""
        try:
            if self._written is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._written = _mend(self.path)
            if message.alert_id not in self._written:
                _append(self.path, json.dumps(message.facts, ensure_ascii=False))
                self._written.add(message.alert_id)
        except OSError as error:
            self._written = None  # a part of the line may have been written: look again
            raise DeliveryError(self.name, f"{self.path}: {error.strerror or error}") from error


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def _mend(path: Path) -> set[str]:
    """Return the ids that *path* holds, after cutting off a line that a kill left unfinished."""
    if not path.exists():
        return set()
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        with path.open("r+b") as file:
            file.truncate(len(whole))
    return {found for line in whole.splitlines() if (found := _alert_id(line))}


def _alert_id(line: bytes) -> str | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None  # a line that somebody else wrote
    found = row.get("alert_id") if isinstance(row, dict) else None
    return found if isinstance(found, str) else None


class Service:
    """One address of Apprise. Neither errors nor logs show the address, which is a secret."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url = name, url

    def __repr__(self) -> str:
        return f"Service({self.name!r})"

    def send(self, message: Message) -> None:
        """Send *message* as plain text; Apprise escapes it for services that take HTML or Markdown."""
        with unheard("apprise", "urllib3"):
            title, body = inert(message.title), inert(message.body)
            with self._service().notify(body, title, body_format="text", timeout=SECONDS) as result:
                if not result:
                    raise DeliveryError(self.name, _reason(result))

    def _service(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its plug-ins import modules that Python deprecates
            import apprise

            # nothing of it is kept on the disk
            asset = apprise.AppriseAsset(app_id="bilateral", app_desc="bilateral", storage_mode="memory")
            service = apprise.Apprise(asset=asset)
            if not service.add(self.url):
                raise DeliveryError(self.name, "Apprise does not know this address, or it is incomplete")
        return service


@contextmanager
def unheard(*names: str) -> Iterator[None]:
    """Keep what the loggers *names* say from all others: they name hosts and whole addresses."""
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.propagate for logger in loggers]
    for logger in loggers:
        logger.propagate = False
    try:
        yield
    finally:
        for logger, propagate in zip(loggers, before, strict=True):
            logger.propagate = propagate


def inert(text: str) -> str:
    """Return *text* with an invisible space in what chats would obey: calls to all, hidden links.

    >>> inert("@everyone see [this](http://example.org)").replace("\\u200b", "|")
    '@|everyone see [this]|(http://example.org)'
    """
    return re.sub(r"(?<!\w)@(?=\w)|<(?=[@!#])|\](?=\()", "\\g<0>\u200b", text)


def _reason(result: Any) -> str:
    """Return why a delivery failed, without the words of Apprise: they may hold parts of the address."""
    said = " ".join(str(entry.message) for entry in result.logs())
    if code := re.search(r"\berror=(\d{3})\b", said):
        return f"the service answered {code[1]}"
    if result.status.name == "TIMEOUT":
        return f"no answer within {SECONDS} seconds"
    return "the service cannot be reached or refused"


def _filled(name: str, target: str) -> str:
    """Return *target* with the environment variables that it names."""
    missing = sorted({n for n in re.findall(r"\$\{(\w+)\}", target) if not os.environ.get(n)})
    if missing:
        raise DeliveryError(name, f"environment variable {', '.join(missing)} is not set")
    return re.sub(r"\$\{(\w+)\}", lambda found: os.environ[found[1]], target)
