"""What detection costs, against what taking the text out of its page costs.

    python benchmarks/detect.py [--rounds N] [--json] [--check]

Time: every document is written in the form of its source, in place of the article of a recorded news page (menus, lists,
scripts and all); without these, in a page of our own making. Trafilatura takes the text out of the page, `detect` reads it,
in turns; the fastest of all rounds of each counts, and only the ratio is of interest. `packed` is the hardest case: short
reports of happenings joined to texts of 3,000 characters, denser than anybody writes. Memory and loading are measured in
processes of their own.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import lxml.html
import trafilatura

from bilateral.detect import Packs, detect, load_packs
from bilateral.model import Article, Date, Lang

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SETS = ("kremlin_en_dev", "kremlin_ru_dev", "stories_dev", "timeline", "negatives_dev")
LANGS: tuple[Lang, ...] = ("en", "ru", "ky", "fr")
SIZE = 3000  # characters of a text
MOST = 40  # packed texts of one language
PUBLISHED = 80  # documents of one language
SHELLS = 12  # recorded pages around them
MARK = "the article stands here"
AIMS = {"share": 0.25, "memory_mb": 60.0, "load_s": 0.3}
AS_CLEAN: dict[str, Any] = {
    "include_comments": False,
    "with_metadata": True,
    "date_extraction_params": {"original_date": True, "extensive_search": False},
}
SIDES = {"kremlin": "RUS", "president": "KGZ", "mid": "RUS"}


@dataclass(frozen=True)
class Cost:
    """Milliseconds per 3,000 characters in one language."""

    lang: str
    form: str  # published, as each document is; packed
    texts: int
    size: int  # characters of one
    elements: int  # of a page
    extraction: float  # the text alone
    cleaning: float  # with title and date too, as `bilateral.clean` asks for
    detection: float

    @property
    def share(self) -> float:
        """Detection as a share of extraction."""
        return self.detection / self.extraction


def documents() -> list[Article]:
    return shared_documents() if SHARED.is_dir() else seed_documents()


def shared_documents() -> list[Article]:
    found = []
    for name in SETS:
        for line in (SHARED / "gold" / f"{name}.docs.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            source = row.get("source") or ("kremlin" if "kremlin.ru" in row["url"] else "press")
            found.append(article(row["lang"], row["title"], row["text"], row["published"], source))
    return found


def seed_documents() -> list[Article]:
    found = []
    for file in sorted((ROOT / "seeds").glob("2*.md")):
        matter, _, body = file.read_text("utf-8").removeprefix("---\n").partition("\n---\n")
        said = {
            key: value.strip(' "') for key, _, value in (line.partition(":") for line in matter.split("\n"))
        }
        lang = next(lang for lang in LANGS if lang == said["lang"])
        found.append(article(lang, said.get("title", ""), body.strip(), said["published"], said["source"]))
    return found


def article(lang: Lang, title: str, text: str, published: str, source: str) -> Article:
    head = f"{title}\n"
    return Article(
        source_id=source,
        polled_as=source,
        key=title,
        url="https://example.org/news/1",
        lang=lang,
        title=title,
        text=head + text,
        body_start=len(head),
        published_at=None,
        published=Date(published[:10]),
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        page_sha256="",
        side=SIDES.get(source.split("-")[0]),
    )


def sample(articles: Sequence[Article]) -> list[Article]:
    """Return documents from all over the list, as they were published."""
    return list(articles[:: max(1, len(articles) // PUBLISHED)])[:PUBLISHED]


def grown(articles: Sequence[Article]) -> list[Article]:
    """Join short articles of one side, so that every text has about 3,000 characters; what is left over stays short."""
    found: list[Article] = []
    for side in sorted({a.side or "" for a in articles}):
        growing: Article | None = None
        for one in (a for a in articles if (a.side or "") == side):
            text = one.text[: 2 * SIZE]
            growing = replace(growing, text=f"{growing.text}\n{text}") if growing else replace(one, text=text)
            if len(growing.text) >= 0.8 * SIZE:
                found.append(growing)
                growing = None
        if growing and not found:
            found.append(growing)
    return found[:MOST]


@dataclass(frozen=True)
class Shell:
    """A whole page without its article: what stands before it, and after it."""

    before: str
    after: str

    def around(self, one: Article) -> str:
        """Return the page with *one* in the form of its source."""
        return self.before + block(one) + self.after


def shells() -> list[Shell]:
    """Return recorded news pages without their articles where they lie beside the checkout, else the form alone."""
    folder = SHARED / "corpus" / "pages"
    if not folder.is_dir():
        return [own_shell()]
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    found: list[Shell] = []
    for name, row in sorted(truth.items()):
        if 0.5 * SIZE < len(row["articleBody"]) < 2 * SIZE and len(found) < SHELLS:
            html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()).decode(
                "utf-8", "replace"
            )
            found += emptied(html, " ".join(row["articleBody"].split()))
    return found


def emptied(html: str, text: str) -> list[Shell]:
    """Take the paragraphs of *text* out of a page; nothing where most of them cannot be told."""
    tree = lxml.html.document_fromstring(html.encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8"))
    said = {p: " ".join(p.text_content().split()) for p in tree.iter("p")}
    own = [p for p, words in said.items() if len(words) > 40 and words in text]
    if sum(len(said[p]) for p in own) < 0.7 * len(text):
        return []
    mark = lxml.html.fragment_fromstring(f"<div>{MARK}</div>")
    own[0].addprevious(mark)
    for paragraph in own:
        paragraph.drop_tree()
    before, _, after = lxml.html.tostring(tree, encoding="unicode").partition(f"<div>{MARK}</div>")
    return [Shell(before, after)] if after and read_back(Shell(before, after)) else []


def read_back(shell: Shell) -> bool:
    """Say whether a plain article is taken out of the shell again: else a slow failure would be measured."""
    text = "\n".join(
        f"The {n}th sentence of an article that says nothing but is long enough." for n in range(45)
    )
    got = trafilatura.extract(
        shell.around(article("en", "News", text, "2025-11-26", "press")), include_comments=False
    )
    return 0.9 * len(text) < len(got or "") < 1.5 * len(text)


def block(one: Article) -> str:
    """Return a text as the source prints it."""
    body = "".join(
        f"<p>{escape(line)}</p>\n" for line in one.text[one.body_start :].split("\n") if line.strip()
    )
    return president(one, body) if one.lang == "ky" else kremlin(one, body) if one.side else agency(one, body)


def own_shell() -> Shell:
    """Return menus, lists, scripts and feet of our own making: lighter than most pages are."""
    head = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>News</title>'
        + "".join(f'<link rel="stylesheet" href="/static/css/part{n}.css">' for n in range(8))
        + "".join(f'<meta property="og:part{n}" content="value {n}">' for n in range(12))
        + f"<script>var state = {json.dumps({f'key{n}': list(range(20)) for n in range(120)})};</script></head><body>"
    )
    foot = others(20) + menu("footer", 50)
    scripts = "".join(f'<script src="/static/js/part{n}.js"></script>' for n in range(8))
    return Shell(head + menu("header", 60), f"{foot}{scripts}</body></html>")


def menu(tag: str, links: int) -> str:
    items = "".join(
        f'<li class="{tag}__item"><a href="/section/{n}">Section {n}</a></li>' for n in range(links)
    )
    return f'<{tag} class="{tag}"><nav class="{tag}__nav"><ul>{items}</ul></nav></{tag}>'


def others(count: int) -> str:
    entry = (
        '<div class="hentry hentry_event"><h3 class="hentry__title"><a href="/events/{n}"><span>Event {n}</span></a></h3>'
        '<time datetime="2025-11-{day:02}">2025-11-{day:02}</time><span class="hentry__place">12:30</span></div>'
    )
    entries = "".join(entry.format(n=n, day=n + 1) for n in range(count))
    return f'<aside class="related"><h2>Also</h2>{entries}</aside>'


def kremlin(one: Article, body: str) -> str:
    day = one.published.iso if one.published else ""
    card = '<div class="person"><a href="/catalog/persons/{n}"><img src="/media/{n}.jpg" alt=""><b>Name {n}</b></a></div>'
    return (
        '<main class="page"><div class="hentry h-entry read"><div class="read__top">'
        f'<h1 class="entry-title p-name">{escape(one.title)}</h1>'
        f'<div class="read__meta"><time class="read__published published dt-published" datetime="{day}">{day}</time>'
        '<div class="read__place p-location"><i>Moscow, Kremlin</i></div></div>'
        f'</div><div class="read__internal_content entry-content e-content">{body}</div>'
        f'<div class="read__tags">{"".join(card.format(n=n) for n in range(8))}</div>'
        '<div class="read__bottommeta"><p>Publication status</p><p>Published in sections: <a href="/events">News</a></p>'
        '<p>Direct link: <a href="/d/1">kremlin.example/d/1</a></p></div></div></main>'
    )


def president(one: Article, body: str) -> str:
    day = one.published.iso if one.published else ""
    photo = '<div class="swiper-slide"><a href="/photo/{n}"><img src="/photo/{n}.jpg" alt=""></a></div>'
    return (
        '<div id="app"><div class="container"><div class="row"><div class="col-md-9 news-detail">'
        f'<div class="news-date">{day}</div><h1 class="news-title">{escape(one.title)}</h1>'
        f'<div class="swiper">{"".join(photo.format(n=n) for n in range(12))}</div>'
        f'<div class="news-content ck-content">{body}</div><div class="share"><a href="/share">Share</a></div>'
        "</div></div></div></div>"
    )


def agency(one: Article, body: str) -> str:
    day = one.published.iso if one.published else ""
    return (
        f'<main><article class="article"><header><h1>{escape(one.title)}</h1><p class="byline">Agency</p>'
        f'<time datetime="{day}">{day}</time></header><div class="article__body">{body}</div>'
        f'<ul class="tags">{"".join(f"<li><a href=/tag/{n}>tag {n}</a></li>" for n in range(10))}</ul></article></main>'
    )


def fastest(calls: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the seconds of the fastest of *rounds* of each call, taken in turns."""
    best = [float("inf")] * len(calls)
    for _ in range(rounds + 1):  # the first round compiles what is compiled once
        for number, call in enumerate(calls):
            begun = time.perf_counter()
            call()
            best[number] = min(best[number], time.perf_counter() - begun)
    return best


def cost(
    lang: str, form: str, articles: Sequence[Article], around: Sequence[Shell], packs: Packs, rounds: int
) -> Cost:
    pages = [shell.around(one) for one, shell in zip(articles, itertools.cycle(around), strict=False)]
    size = sum(len(one.text) for one in articles)
    calls: list[Callable[[], object]] = [
        lambda: [trafilatura.extract(html, include_comments=False) for html in pages],
        lambda: [trafilatura.bare_extraction(html, **AS_CLEAN) for html in pages],
        lambda: [detect(one, packs) for one in articles],
    ]
    costs = [seconds * 1000 * SIZE / size for seconds in fastest(calls, rounds)]
    elements = statistics.mean(len(re.findall("<[a-z]", html)) for html in pages)
    return Cost(lang, form, len(articles), round(size / len(articles)), round(elements), *costs)


CHILD = """
import json, time, psutil
from bilateral.detect import detect, load_packs
used = lambda: psutil.Process().memory_info().rss / 1e6
before, begun = used(), time.perf_counter()
packs = load_packs()
loaded = time.perf_counter() - begun
for pack in packs.langs.values():
    pack.lexicon.find("x", "x")
print(json.dumps({"load_s": loaded, "ready_s": time.perf_counter() - begun, "memory_mb": used() - before}))
"""


def loading(rounds: int) -> dict[str, float]:
    """Return seconds and megabytes of the packs of all languages: the median of fresh processes."""
    rows = []
    for _ in range(rounds):
        done = subprocess.run(
            [sys.executable, "-c", CHILD], capture_output=True, text=True, check=True, env={**os.environ}
        )
        rows.append(json.loads(done.stdout))
    return {name: round(statistics.median(row[name] for row in rows), 3) for name in rows[0]}


def measure(rounds: int) -> tuple[list[Cost], dict[str, float]]:
    packs, found, around = load_packs(), documents(), shells()
    costs = []
    for lang in LANGS:
        own = [one for one in found if one.lang == lang]
        for form, articles in (("published", sample(own)), ("packed", grown(own))):
            if articles:
                costs.append(cost(lang, form, articles, around, packs, rounds))
    return costs, loading(rounds)


def missed(costs: Sequence[Cost], loaded: dict[str, float]) -> list[str]:
    held = [c for c in costs if c.form == "published"]
    over = [f"{c.lang}: {c.share:.2f} of extraction" for c in held if c.share > AIMS["share"]]
    return over + [f"{n}: {loaded[n]}" for n in ("memory_mb", "load_s") if loaded[n] > AIMS[n]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--check", action="store_true", help="exit with 1 where an aim is missed")
    asked = parser.parse_args()
    costs, loaded = measure(asked.rounds)
    if asked.json:
        print(json.dumps({"costs": [{**vars(c), "share": round(c.share, 3)} for c in costs], **loaded}))
    else:
        heads = (
            "texts",
            "characters",
            "elements",
            "extraction",
            "cleaning",
            "detection",
            "share",
            "of cleaning",
        )
        print(f"{'ms per 3,000 characters':24}", *(f"{head:>11}" for head in heads))
        for c in costs:
            times = (c.extraction, c.cleaning, c.detection, c.share, c.detection / c.cleaning)
            counts = (c.texts, c.size, c.elements)
            print(f"{c.lang} {c.form:21}", *(f"{n:11}" for n in counts), *(f"{time:11.3f}" for time in times))
        print(
            f"\nloading {loaded['load_s']:.2f} s, all four languages ready after {loaded['ready_s']:.2f} s, "
            f"memory of all packs {loaded['memory_mb']:.1f} MB"
        )
        print(f"aims: share {AIMS['share']}, loading {AIMS['load_s']} s, memory {AIMS['memory_mb']:.0f} MB")
    if asked.check and (over := missed(costs, loaded)):
        raise SystemExit("\n".join(over))


if __name__ == "__main__":
    main()
