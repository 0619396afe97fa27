"""Article → Extraction: the rules of `bilateral/packs` applied to one text.

text → names, days, cues (reading.py) → triggers → reports (events.py, roles.py, modality.py, merge.py)
                                      → documents (documents.py), figures (figures.py), topics (topics.py)
"""

from __future__ import annotations

from bilateral.detect.documents import find_documents
from bilateral.detect.events import find_reports
from bilateral.detect.figures import find_claims
from bilateral.detect.merge import merge
from bilateral.detect.packs import Packs, load_packs, version
from bilateral.detect.reading import read
from bilateral.detect.topics import find_topics
from bilateral.model import Article, Extraction

__all__ = ["Packs", "detect", "load_packs", "version"]


def detect(article: Article, packs: Packs) -> Extraction:
    """Return all that the rules find in *article*; a text without letters gives an empty extraction."""
    if not article.text.strip():
        return Extraction()
    reading = read(article, packs)
    if not reading.names_two_states:
        return Extraction()
    told = find_reports(reading)
    reports = merge(told, reading.title[1])
    return Extraction(
        tuple(reports),
        tuple(find_documents(reading, told)),
        tuple(find_claims(reading)),
        tuple(find_topics(reading, reports)),
    )
