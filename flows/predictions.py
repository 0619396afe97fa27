"""What was detected in one document, as one JSON object: the form in which detectors are compared."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bilateral.model import Article, Claim, Date, Document, Extraction, Report, Span

Row = dict[str, Any]


def prediction(doc_id: str, published: str | None, article: Article, found: Extraction) -> Row:
    """Return the object of one document; its quotes are the spans of the text."""
    return {
        "doc_id": doc_id,
        "lang": article.lang,
        "published": published,
        "events": [event(article, report) for report in found.reports],
        "agreements": [agreement(article, document) for document in found.documents],
        "claims": [figure(article, claim) for claim in found.claims],
        "topics": list(dict.fromkeys(topic.code for topic in found.topics)),
    }


def event(article: Article, report: Report) -> Row:
    """Return a report, with the rule that found it."""
    return {
        "kind": report.kind,
        "modality": report.modality,
        "states": list(report.states),
        "start": iso(report.start),
        "end": iso(report.end),
        "place": report.place,
        "participants": [person.name for person in report.participants],
        "main": report.main,
        "quote": quoted(article, report.span),
        "rule": report.rule,
    }


def agreement(article: Article, document: Document) -> Row:
    """Return a document that the text names."""
    return {
        "type": document.type,
        "status": document.status,
        "states": list(document.states),
        "date": iso(document.date),
        "title": document.title,
        "topic": document.topic,
        "quote": quoted(article, document.span),
        "rule": document.rule,
    }


def figure(article: Article, claim: Claim) -> Row:
    """Return a claim in base units."""
    return {
        "metric": claim.metric,
        "measure": claim.measure,
        "comparator": claim.comparator,
        "value": number(claim.value_base),
        "unit": claim.base_unit,
        "period": period(claim.period_start, claim.period_end),
        "speaker": claim.speaker,
        "states": list(claim.states),
        "quote": quoted(article, claim.span),
        "rule": claim.rule,
    }


def quoted(article: Article, span: Span) -> str:
    """Return the characters of the span."""
    return article.text[span[0] : span[1]]


def iso(day: Date | None) -> str | None:
    """Return the date as exact as it is known."""
    return day.iso if day else None


def period(start: Date | None, end: Date | None) -> str | None:
    """Return one year, month or day, or a range.

    >>> period(Date("2025-01"), Date("2025-09"))
    '2025-01/2025-09'
    >>> period(Date("2024"), Date("2024"))
    '2024'
    """
    if start is None or end is None or start == end:
        return iso(start or end)
    return f"{start.iso}/{end.iso}"


def number(value: Decimal) -> int | float:
    """Return *value* as JSON can say it, whole where it is whole.

    >>> number(Decimal("4100000000.0")), number(Decimal("13.6"))
    (4100000000, 13.6)
    """
    return int(value) if value == value.to_integral_value() else float(value)
