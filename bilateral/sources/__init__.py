"""From addresses and files to pages: the only part that reads the network and the archive."""

from bilateral.sources.answers import Answer
from bilateral.sources.archive import Archive
from bilateral.sources.fetch import Fetcher, Limits
from bilateral.sources.files import read_files
from bilateral.sources.poll import PARSING, poll
from bilateral.sources.verify import Verdict, verify
from bilateral.sources.visits import Visits

__all__ = [
    "PARSING",
    "Answer",
    "Archive",
    "Fetcher",
    "Limits",
    "Verdict",
    "Visits",
    "poll",
    "read_files",
    "verify",
]
