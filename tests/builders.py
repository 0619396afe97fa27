"""Articles, reports and events made by hand, and a warehouse to load them into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bilateral.config import Config
from bilateral.model import (
    Article,
    Claim,
    Date,
    Document,
    Event,
    Extraction,
    Linked,
    Participant,
    Poll,
    Report,
    Topic,
    report_id,
)
from warehouse.load import Batch

NOW = datetime(2025, 11, 26, 18, 0, tzinfo=UTC)
PUTIN = Participant("vladimir-putin", "Vladimir Putin", "visitor", "RUS", "president", "head_of_state")
JAPAROV = Participant("sadyr-japarov", "Sadyr Japarov", "host", "KGZ", "president", "head_of_state")
SIDES = {"kremlin-ru": "RUS", "kremlin-en": "RUS", "president-kg-ru": "KGZ", "president-kg-ky": "KGZ"}


def source(source_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": source_id,
        "country": SIDES.get(source_id),
        "publisher": {"name": source_id, "en": source_id, "kind": "head_of_state"},
        "primary": True,
        "lang": "ru",
        "licence": "CC BY 4.0",
        "discover": {"feed": f"http://{source_id}.example/feed"},
        "every": "30 min",
        "verified": "2025-11",
        "expect": {"items": 1, "days": 7},
        **changes,
    }


def config(**changes: Any) -> Config:
    seeds = source("seeds", country=None, primary=False, lang=None, discover={"files": "seeds"}, expect=None)
    rules = [
        {"id": when, "when": when, "tier": "notify", "channels": ["screen", "log"], **more}
        for when, more in (
            ("contact_planned", {"level": "head_of_state"}),
            ("contact_held", {"level": "head_of_state"}),
            ("signing", {}),
            ("source_blocked", {"tier": "ops"}),
        )
    ]
    channels = [{"id": "screen", "terminal": True}, {"id": "log", "file": "alerts.jsonl"}]
    whole = {
        "pairs": ["KGZ-RUS"],
        "sources": [source("kremlin-ru"), source("president-kg-ru"), seeds],
        "alerts": {"channels": channels, "rules": rules},
        **changes,
    }
    return Config.model_validate(whole)


def article(
    source_id: str = "kremlin-ru", key: str = "1", text: str = "Talks\nThey met.", **changes: Any
) -> Article:
    published = changes.pop("published_at", NOW - timedelta(hours=4))
    return Article(
        **{
            "source_id": source_id,
            "polled_as": source_id,
            "key": key,
            "url": f"http://{source_id}.example/{key}",
            "lang": "ru",
            "title": text.split("\n")[0],
            "text": text,
            "body_start": text.index("\n") + 1,
            "published_at": published,
            "published": Date(published.date().isoformat()) if published else None,
            "fetched_at": NOW,
            "page_sha256": f"page of {text}",
            "side": SIDES.get(source_id),
            "primary": source_id in SIDES,
            **changes,
        }
    )


def retold(source_id: str = "kremlin-ru", key: str = "seed", **changes: Any) -> Article:
    return article(source_id, key, **{"polled_as": "seeds", "synthetic": True, "primary": False, **changes})


def report(kind: str, day: str | None, quote: str, text: str, **changes: Any) -> Report:
    start = text.index(quote)
    return Report(
        **{
            "kind": kind,
            "modality": "asserted",
            "states": ("KGZ", "RUS"),
            "start": Date(day) if day else None,
            "end": None,
            "date_basis": "stated",
            "place": "Bishkek",
            "place_iso3": "KGZ",
            "participants": (PUTIN, JAPAROV),
            "host_iso3": "KGZ",
            "initiator_iso3": None,
            "margins_of": None,
            "span": (start, start + len(quote)),
            "rule": f"{kind}.test",
            "confidence": 0.9,
            **changes,
        }
    )


def claim(value: str, quote: str, text: str, **changes: Any) -> Claim:
    start = text.index(quote)
    return Claim(
        **{
            "metric": "trade.turnover",
            "measure": "level",
            "comparator": "=",
            "value": Decimal(value),
            "value_high": None,
            "unit": "bn USD",
            "value_base": Decimal(value) * 10**9,
            "base_unit": "USD",
            "period_start": Date("2024"),
            "period_end": Date("2024"),
            "base_period": None,
            "scope": "KGZ+RUS",
            "states": ("KGZ", "RUS"),
            "speaker": "vladimir-putin",
            "statistics_of": None,
            "span": (start, start + len(quote)),
            "rule": "claim.test",
            "confidence": 0.8,
            **changes,
        }
    )


def document(title: str, text: str, **changes: Any) -> Document:
    start = text.index(title)
    return Document(
        **{
            "type": "agreement",
            "status": "signed",
            "states": ("KGZ", "RUS"),
            "date": Date("2025-11-26"),
            "title": title,
            "topic": None,
            "amends": None,
            "span": (start, start + len(title)),
            "rule": "document.test",
            "confidence": 0.8,
            **changes,
        }
    )


def topic(code: str, quote: str, text: str, report: int | None = 0) -> Topic:
    start = text.index(quote)
    return Topic(code, (start, start + len(quote)), report)


def event(event_id: str, told: Sequence[tuple[Article, Report]], **changes: Any) -> Event:
    """Return the event that *told* tells of, with the reading of the first report."""
    first = told[0][1]
    return Event(
        **{
            "event_id": event_id,
            "report_ids": tuple(report_id(a.revision_id, r) for a, r in told),
            "kind": first.kind,
            "level": "head_of_state",
            "mode": "in_person",
            "status": "planned" if first.modality == "planned" else "confirmed",
            "states": first.states,
            "start": first.start,
            "end": first.end,
            "place": first.place,
            "place_iso3": first.place_iso3,
            "parent_event_id": None,
            "host_iso3": first.host_iso3,
            "initiator_iso3": None,
            "margins_of": None,
            "title": f"{first.kind} in Bishkek",
            "confidence": 0.9,
            **changes,
        }
    )


def poll(source_id: str = "kremlin-ru", state: str = "ok", at: datetime = NOW, reason: str = "") -> Poll:
    return Poll(source_id, at, at + timedelta(seconds=1), state, reason)


@dataclass
class Story:
    """What one batch will say; filled line by line by a test."""

    read: list[tuple[Article, Extraction]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def tell(self, art: Article, *reports: Report, **found: Any) -> Article:
        self.read.append((art, Extraction(reports=reports, **found)))
        return art

    def batch(self, **changes: Any) -> Batch:
        return Batch(
            **{
                "run_id": "run1",
                "now": NOW,
                "config": config(),
                "polls": (),
                "read": self.read,
                "linked": Linked(tuple(self.events)),
                "detector": "rules1",
                **changes,
            }
        )


VISIT_RU = "Визит\nПрезидент прибыл с визитом. Прошли переговоры. Товарооборот составил 4,1 млрд долларов."
VISIT_KG = "Сапар\nКонок келди. Сүйлөшүүлөр болду. Соода 3,9 млрд доллар болду. Макулдашуу кол коюлду."


def visit_story() -> Story:
    """A state visit with talks, told by both sides: two events, two pages, three reports each."""
    story = Story()
    visit = {"end": Date("2025-11-27")}
    moscow = report("visit.state", "2025-11-25", "прибыл с визитом", VISIT_RU, **visit)
    moscow_talks = report("talks", "2025-11-26", "Прошли переговоры", VISIT_RU, main=False)
    bishkek = report("visit.state", "2025-11-25", "Конок келди", VISIT_KG, **visit)
    bishkek_talks = report("talks", "2025-11-26", "Сүйлөшүүлөр болду", VISIT_KG, main=False)
    ru = story.tell(
        article(text=VISIT_RU),
        moscow,
        moscow_talks,
        claims=(claim("4.1", "4,1 млрд долларов", VISIT_RU),),
        topics=(topic("economy.trade", "Товарооборот", VISIT_RU, 1),),
    )
    kg = story.tell(
        article("president-kg-ru", text=VISIT_KG, lang="ky", published_at=NOW - timedelta(hours=3)),
        bishkek,
        bishkek_talks,
        claims=(claim("3.9", "3,9 млрд доллар", VISIT_KG, speaker="sadyr-japarov"),),
        documents=(document("Макулдашуу", VISIT_KG),),
    )
    story.events = [
        event("e1", [(ru, moscow), (kg, bishkek)]),
        event("e2", [(ru, moscow_talks), (kg, bishkek_talks)], parent_event_id="e1"),
    ]
    return story
