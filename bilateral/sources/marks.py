"""What the journal remembers between two searches of a source: whether the last one was whole, and what was loaded.

What was fetched but never loaded, because the run was killed in between, counts as not yet fetched: the next
search asks for it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bilateral.model import Poll
from bilateral.sources.archive import Archive
from bilateral.sources.found import Kept


def what_is_kept(archive: Archive, source_id: str) -> Kept:
    """Return what a search need not ask for again."""
    loaded, search = archive.latest("loaded", source_id), archive.latest("search", source_id)
    if loaded is None:
        return Kept()
    until = datetime.fromisoformat(loaded["until"])
    return Kept(archive.versions(source_id, until), whole=search is None or bool(search["whole"]))


def note_search(archive: Archive, source_id: str, whole: bool) -> None:
    """Write down whether a search came to its end, where that has changed."""
    last = archive.latest("search", source_id)
    if whole != (last is None or bool(last["whole"])):
        archive.record("search", {"source_id": source_id, "whole": whole})


def note_loaded(archive: Archive, polls: Iterable[Poll]) -> None:
    """Write down up to when the pages of each source are loaded, where that is news."""
    for poll in polls:
        latest = max((page.fetched_at for page in poll.pages), default=None)
        last = archive.latest("loaded", poll.source_id)
        if latest and (last is None or _newer(archive, poll, datetime.fromisoformat(last["until"]))):
            archive.record("loaded", {"source_id": poll.source_id, "until": latest})


def _newer(archive: Archive, poll: Poll, until: datetime) -> bool:
    known = archive.versions(poll.source_id, until)
    return any(page.sha256 not in known.get(page.key, ()) for page in poll.pages)
