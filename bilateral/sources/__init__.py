"""From addresses and files to pages: the only part that reads the network and the archive."""

from bilateral.sources.archive import Archive
from bilateral.sources.fetch import Answer, Fetcher, Limits
from bilateral.sources.files import read_files
from bilateral.sources.poll import poll

__all__ = ["Answer", "Archive", "Fetcher", "Limits", "poll", "read_files"]
