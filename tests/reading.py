"""Articles made of one sentence, read as a page of a side: what the proofs of the rules are run on."""

from datetime import UTC, datetime

from bilateral.model import Article, Date, Lang

SIDE = {"ru": "RUS", "en": "RUS", "ky": "KGZ", "fr": None}


def article(
    text: str, lang: Lang, *, title: str = "", side: str | None = None, published: str | None = "2025-11-26"
) -> Article:
    """Return *text* as an article of *side*, published on that day."""
    head = f"{title}\n" if title else ""
    return Article(
        source_id="proof",
        polled_as="proof",
        key="proof",
        url="https://example.org/proof",
        lang=lang,
        title=title,
        text=head + text,
        body_start=len(head),
        published_at=None,
        published=Date(published) if published else None,
        fetched_at=datetime(2025, 11, 27, tzinfo=UTC),
        page_sha256="0" * 64,
        side=side,
    )
