"""Articles, extractions and events as rows of the base tables."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from typing import Any

from bilateral.config import Source
from bilateral.model import Article, Claim, Date, Event, Extraction, Poll, Skipped, Span, identity, report_id
from warehouse.agreements import minted

GREATEST = Decimal(10) ** 22  # what DECIMAL(28, 6) holds

Row = dict[str, Any]


def source_row(source: Source) -> Row:
    """Return the row of a source of the configuration."""
    return {
        "source_id": source.id,
        "country": source.country,
        "publisher": source.publisher.name,
        "publisher_en": source.publisher.en,
        "publisher_kind": source.publisher.kind,
        "is_primary": source.primary,
        "lang": source.lang,
        "licence": source.licence,
        "network": source.network,
        "enabled": source.enabled,
        "every_minutes": int(source.every.total_seconds() // 60),
        "expected_items": source.expect.items if source.expect else None,
        "expected_days": source.expect.days if source.expect else None,
    }


def named_source_row(article: Article) -> Row:
    """Return the row of a source that only a document names."""
    known = {"source_id": article.source_id, "publisher": article.source_id, "country": article.side}
    empty = dict.fromkeys(
        ("publisher_en", "publisher_kind", "licence", "every_minutes", "expected_items", "expected_days")
    )
    rest = {"is_primary": False, "lang": article.lang, "network": False, "enabled": False}
    return {**known, **empty, **rest}


def poll_row(poll: Poll, run_id: str) -> Row:
    """Return the row of one asking of a source."""
    return {
        "poll_id": "o" + identity(poll.source_id, poll.started_at.isoformat()),
        "run_id": run_id,
        "source_id": poll.source_id,
        "started_at": poll.started_at,
        "finished_at": poll.finished_at,
        "state": poll.state,
        "reason": poll.reason,
        "pages": len(poll.pages),
        "skipped": [{"item": s.where, "reason": s.reason} for s in poll.skipped],
    }


def article_row(article: Article) -> Row:
    """Return the row of a document."""
    return {
        "article_id": article.article_id,
        "source_id": article.source_id,
        "polled_as": article.polled_as,
        "key": article.key,
        "url": article.url,
        "lang": article.lang,
        "work_id": article.work_id,
        "side": article.side,
        "is_primary": article.primary and not article.synthetic,
        "synthetic": article.synthetic,
        "first_seen_at": article.fetched_at,
    }


def revision_row(article: Article, number: int, detector: str, now: datetime) -> Row:
    """Return the row of a text; the loader says afterwards which text is the newest."""
    return {
        "revision_id": article.revision_id,
        "article_id": article.article_id,
        "number": number,
        "is_newest": False,
        "seen_at": article.fetched_at,
        "current_from": article.fetched_at,
        "title": article.title,
        "text": article.text,
        "body_start": article.body_start,
        "sha256": hashlib.sha256(article.text.encode("utf-8", "replace")).hexdigest(),
        "page_sha256": article.page_sha256,
        "published_at": article.published_at,
        "published_on": article.published.first if article.published else None,
        "published_precision": _precision(article.published),
        "place": article.place,
        "detector": detector,
        "read_at": now,
    }


def report_rows(article: Article, found: Extraction) -> list[Row]:
    """Return the rows of the reports of a text; two that say the same at the same place are one."""
    rows: dict[str, Row] = {}
    for report in found.reports:
        rows.setdefault(
            key := report_id(article.revision_id, report),
            {
                "report_id": key,
                "event_id": None,
                "revision_id": article.revision_id,
                "kind": report.kind,
                "modality": report.modality,
                "states": list(report.states),
                **_dates(report.start, report.end),
                "date_basis": report.date_basis,
                "place": report.place,
                "place_iso3": report.place_iso3,
                "host_iso3": report.host_iso3,
                "initiator_iso3": report.initiator_iso3,
                "margins_of": report.margins_of,
                "is_main": report.main,
                **_passage(article, report.span),
                "rule": report.rule,
                "confidence": report.confidence,
            },
        )
    return list(rows.values())


def participant_rows(article: Article, found: Extraction) -> list[Row]:
    """Return the rows of those who take part, once for each report and person."""
    rows: dict[tuple[str, str], Row] = {}
    for report in found.reports:
        key = report_id(article.revision_id, report)
        for person in report.participants:
            rows.setdefault(
                (key, person.actor_id),
                {
                    "report_id": key,
                    "actor_id": person.actor_id,
                    "name": person.name,
                    "role": person.role,
                    "side": person.side,
                    "office": person.office,
                    "level": person.level,
                },
            )
    return list(rows.values())


def document_rows(article: Article, found: Extraction) -> list[Row]:
    """Return the rows of the documents that a text names."""
    rows: dict[str, Row] = {}
    for document in found.documents:
        mention = identity(article.revision_id, document.type, document.status, document.title, document.span)
        rows.setdefault(
            key := "d" + mention,
            {
                "document_id": key,
                "agreement_id": minted(key),  # until it is joined with other mentions
                "revision_id": article.revision_id,
                "type": document.type,
                "status": document.status,
                "states": list(document.states),
                "status_date": document.date.first if document.date else None,
                "date_precision": _precision(document.date),
                "title": document.title,
                "topic": document.topic,
                "amends": document.amends,
                **_passage(article, document.span),
                "rule": document.rule,
                "confidence": document.confidence,
            },
        )
    return list(rows.values())


def claim_rows(article: Article, found: Extraction) -> tuple[list[Row], list[Skipped]]:
    """Return the rows of the figures of a text, and the figures that no column can hold."""
    rows: dict[str, Row] = {}
    aside = []
    for claim in found.claims:
        if any(v is not None and not _fits(v) for v in (claim.value, claim.value_high, claim.value_base)):
            reason = f"{claim.rule}: the figure {claim.value} {claim.unit} is out of range"
            aside.append(Skipped(article.source_id, article.url, reason))
            continue
        row = _claim_row(article, claim)
        rows.setdefault(row["claim_id"], row)
    return list(rows.values()), aside


def _claim_row(article: Article, claim: Claim) -> Row:
    said = (claim.metric, claim.measure, claim.value, claim.unit, claim.period_start, claim.period_end)
    end = claim.period_end or claim.period_start
    return {
        "claim_id": "c" + identity(article.revision_id, *said, claim.scope, claim.span),
        "revision_id": article.revision_id,
        "metric": claim.metric,
        "measure": claim.measure,
        "comparator": claim.comparator,
        "value": _decimal(claim.value),
        "value_high": None if claim.value_high is None else _decimal(claim.value_high),
        "unit": claim.unit,
        "value_base": _decimal(claim.value_base),
        "base_unit": claim.base_unit,
        "period_start": claim.period_start.first if claim.period_start else None,
        "period_end": end.last if end else None,
        "period_precision": _precision(claim.period_start or end),
        "base_period": claim.base_period,
        "scope": claim.scope,
        "states": list(claim.states),
        "speaker": claim.speaker,
        "statistics_of": claim.statistics_of,
        **_passage(article, claim.span),
        "rule": claim.rule,
        "confidence": claim.confidence,
    }


def topic_rows(article: Article, found: Extraction) -> list[Row]:
    """Return the rows of the subjects that a text speaks of."""
    rows: dict[tuple[object, ...], Row] = {}
    for topic in found.topics:
        report = None if topic.report is None else report_id(article.revision_id, found.reports[topic.report])
        rows.setdefault(
            (topic.code, topic.span, report),
            {
                "revision_id": article.revision_id,
                "report_id": report,
                "code": topic.code,
                **_passage(article, topic.span),
            },
        )
    return list(rows.values())


def reading_row(event: Event) -> Row:
    """Return what is believed of an event: two equal ones are one version."""
    return {
        "event_id": event.event_id,
        "merged_into": None,
        "kind": event.kind,
        "level": event.level,
        "mode": event.mode,
        "status": event.status,
        "states": list(event.states),
        **_dates(event.start, event.end),
        "place": event.place,
        "place_iso3": event.place_iso3,
        "parent_event_id": event.parent_event_id,
        "host_iso3": event.host_iso3,
        "initiator_iso3": event.initiator_iso3,
        "margins_of": event.margins_of,
        "title": event.title,
        "confidence": event.confidence,
    }


def _dates(start: Date | None, end: Date | None) -> Row:
    return {
        "start_date": start.first if start else None,
        "date_precision": _precision(start),
        "end_date": end.last if end else None,
        "end_precision": _precision(end),
    }


def _precision(day: Date | None) -> str:
    return day.precision if day else "unknown"


def _passage(article: Article, span: Span) -> Row:
    return {"span_start": span[0], "span_end": span[1], "quote": article.text[span[0] : span[1]]}


def _fits(value: Decimal) -> bool:
    return value.is_finite() and abs(value) < GREATEST


def _decimal(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"))
