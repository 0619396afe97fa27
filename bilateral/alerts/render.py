"""An alert in words. What sources wrote is untrusted: it ends here as plain text without control characters."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from bilateral.model import Alert, Message

TITLE_LENGTH = 200
# They turn the direction of the text around them and can make one address look like another.
DIRECTION = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def render(alert: Alert) -> Message:
    """Return *alert* as a message of plain text: the title one line, the body without control characters.

    Escaping for HTML or Markdown is done where the channel is known.
    """
    facts = {name: _told(value) for name, value in vars(alert).items()}
    facts["title"] = one_line(facts["title"])
    body = _template().render(facts)
    return Message(alert.alert_id, alert.tier, _cut(facts["title"]), body.strip(), facts)


def one_line(text: str) -> str:
    """Return *text* without control characters and line breaks.

    >>> one_line("Talks\\r\\nBcc: all\\x1b[2J")
    'Talks Bcc: all[2J'
    """
    return " ".join(plain(text).split())


def plain(text: str) -> str:
    """Return *text* without characters that act instead of being read: controls, surrogates, turned direction.

    Line feeds stay.
    """
    text = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text).replace("\t", " ").translate(DIRECTION)
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))


def _told(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return plain(str(value))


def _cut(title: str) -> str:
    if len(title) <= TITLE_LENGTH:
        return title
    words = title[:TITLE_LENGTH].rpartition(" ")[0] or title[: TITLE_LENGTH - 1]
    return words.rstrip() + "…"


@cache
def _template() -> Template:
    source = files("bilateral.alerts").joinpath("alert.txt").read_text(encoding="utf-8")
    # plain text, not HTML: nothing to escape at this place
    return Environment(autoescape=False, undefined=StrictUndefined).from_string(source)
