"""`sources probe` and `sources check`: what would be read, and whether the selectors hold."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from servers import Item, PresidentSite, Reply, Site, atom, local_sources
from typer.testing import CliRunner

from bilateral.config import packaged
from bilateral.errors import BilateralError
from flows.check import check
from flows.commands import app
from flows.place import Place, find_place
from flows.probe import Field, probe

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
PAGE = packaged("specimens") / "kremlin-en.html"


def place(folder: Path, **addresses: str) -> Place:
    return find_place(folder / "home", local_sources(folder, **addresses))


def shown(readings: list[list[Field]]) -> list[dict[str, Field]]:
    return [{one.name: one for one in reading} for reading in readings]


def test_a_saved_page_is_read_field_by_field(tmp_path: Path) -> None:
    url = "http://en.kremlin.ru/supplement/9001"
    where = find_place(tmp_path / "home", packaged("sources.yaml"))
    [page] = shown(list(probe(where, url, PAGE, NOW)))
    assert {name: one.good for name, one in page.items()} == dict.fromkeys(page, True)
    assert page["identity"].value.startswith("en:supplement/9001, joined with other languages as kremlin:")
    assert (page["title"].value, page["place"].value) == ("Specimen: joint statement", "Specimen Town")
    assert page["published"].value == "2025-03-14 12:05 UTC"
    assert "V. Specimen: We agreed that Peter Example will come in summer." in page["text"].value
    assert not (tmp_path / "home").exists()  # nothing is stored


def test_what_a_saved_page_lacks_is_red(tmp_path: Path) -> None:
    broken = tmp_path / "page.html"
    html = PAGE.read_text("utf-8").replace('class="read__place p-location"', "").replace("<h1", "<h4")
    broken.write_text(
        html.replace('datetime="2025-03-14"', "").replace("March 14, 2025", "").replace("15:05", ""), "utf-8"
    )
    where = find_place(tmp_path / "home", packaged("sources.yaml"))
    [page] = shown(list(probe(where, "kremlin-en", broken, NOW)))
    assert {name for name, one in page.items() if one.good is False} == {"title", "place", "published"}
    broken.write_text(html.replace("entry-content", "x"), "utf-8")
    [page] = shown(list(probe(where, "kremlin-en", broken, NOW)))
    assert page["state"].good is False and "another form" in page["state"].value


def test_a_source_is_asked_and_its_first_documents_shown(tmp_path: Path) -> None:
    items = [
        Item(n, f"Talks {n}", "<p>The presidents met in Bishkek.</p>", f"2025-11-26T1{n}:00:00+04:00")
        for n in range(5)
    ]
    with Site({"/feed": Reply(atom(items))}) as site:
        head, *documents = shown(
            list(probe(place(tmp_path, kremlin_en=site.url + "/feed"), "kremlin-en", None, NOW))
        )
    assert (head["documents"].value, head["documents"].good) == ("5, 5 of them with a time", True)
    assert [one["title"].value for one in documents] == ["Talks 0", "Talks 1", "Talks 2"]
    assert documents[1]["published"].value == "2025-11-26 08:00 UTC (printed: 2025-11-26T11:00:00+04:00)"
    assert not (tmp_path / "home" / "archive").exists()


def test_a_search_is_probed_in_its_language(tmp_path: Path) -> None:
    items = {"Ky": [Item(7, "Жолугушуу", "<p>Бишкекте президенттер жолугушту.</p>", "2025-11-26T10:00:00")]}
    with PresidentSite(items) as site:
        _, page = shown(list(probe(place(tmp_path, president=site.search_url), "president-kg-ky", None, NOW)))
    assert page["identity"].value == "ky:7, joined with other languages as president-kg:7"
    assert (page["language"].value, page["language"].good) == ("ky", True)


@pytest.mark.parametrize(
    ("body", "status", "state"),
    [
        (b"no", 403, "blocked"),
        (b"<html><body>Enable JavaScript</body></html>", 200, "challenged"),
        (b"", 404, "gone"),
    ],
)
def test_a_refusal_is_red_and_has_its_name(tmp_path: Path, body: bytes, status: int, state: str) -> None:
    with Site({"/feed": Reply(body, status)}) as site:
        [head] = shown(list(probe(place(tmp_path, kremlin_en=site.url + "/feed"), "kremlin-en", None, NOW)))
    assert head["state"].good is False and head["state"].value.startswith(state)


STORY = "".join(
    f"<p>The two presidents discussed trade and transport, part {n} of the talks.</p>" for n in range(9)
)


def test_addresses_of_a_site_that_is_not_configured(tmp_path: Path) -> None:
    page = (
        "<html lang=en><head><title>Talks</title><meta property='article:published_time' content='2025-11-26T10:00:00Z'>"
        "<link rel=alternate type='application/rss+xml' href='/rss'></head><body><nav><a href='/a'>A</a></nav>"
        f"<article><h1>Talks in Bishkek</h1>{STORY}</article></body></html>"
    )
    urls = "<url><loc>{0}/talks</loc><lastmod>2025-11-26</lastmod></url>"
    head = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    with Site({"/talks": Reply(page.encode(), headers={"content-type": "text/html"})}) as site:
        site.answers["/rss"] = Reply(
            atom([Item(1, "Talks", "<p>They met.</p>", "2025-11-26T10:00:00Z")], site.url)
        )
        site.answers["/map"] = Reply((head + urls.format(site.url) + "</urlset>").encode())
        where = place(tmp_path)
        article, hints = shown(list(probe(where, site.url + "/talks", None, NOW)))
        feed, entry = shown(list(probe(where, site.url + "/rss", None, NOW)))
        sitemap, mapped = shown(list(probe(where, site.url + "/map", None, NOW)))
    assert article["published"].value == "2025-11-26 10:00 UTC" and article["text"].good
    assert hints["feed"].value == site.url + "/rss" and hints["links"].value == "1 on this site"
    assert feed["documents"].value.startswith("1,") and entry["title"].value == "Talks"
    assert sitemap["documents"].value.startswith("1,") and mapped["title"].value == "Talks in Bishkek"


def test_what_is_neither_source_nor_address_is_named(tmp_path: Path) -> None:
    where = place(tmp_path)
    with pytest.raises(BilateralError, match="neither an address nor a source: kremlin-ru, kremlin-en"):
        list(probe(where, "kremlin", None, NOW))
    with pytest.raises(BilateralError, match="nobody knows yet how its documents are found"):
        list(probe(where, "kabar-ru", None, NOW))
    with pytest.raises(BilateralError, match="cannot be read"):
        list(probe(where, "kremlin-ru", tmp_path / "nowhere.html", NOW))


def test_every_selector_of_the_packaged_sources_finds_something() -> None:
    lines = check(find_place(None, packaged("sources.yaml")))
    assert [line for line in lines if not line.good] == []
    fields = {line.source: {one.field for one in lines if one.source == line.source} for line in lines}
    assert fields["kremlin-ru"] >= {"feed", "identity.path", "title", "lead", "place", "published", "clock", "body", "drop", "follow"}  # fmt: skip
    assert fields["president-kg-en"] == {"items", "total", "id", "title", "published", "body"}
    assert fields.keys() >= {"mid-ru", "mid-en", "mid-fr"}


def test_selectors_that_find_nothing_and_sources_without_a_saved_page_are_red(tmp_path: Path) -> None:
    listing = {
        "url": "https://x.kg/",
        "item": ".one",
        "title": "h2",
        "published": "time",
        "next": "a.older",
        "only": r"/\d+$",
    }
    record = {
        "id": "x-ru",
        "publisher": {"name": "X", "en": "X", "kind": "agency"},
        "lang": "ru",
        "licence": "not known",
        "discover": {"listing": listing},
        "read": {"title": "h1", "body": ".text"},
        "every": "1 h",
        "verified": "2025-11",
    }
    (tmp_path / "specimens").mkdir()
    saved = tmp_path / "specimens" / "x.list.html"
    saved.write_text(
        "<div class=one><h2><a href=/1>One</a></h2></div><a class=older href=/p2>more</a>", "utf-8"
    )
    path = tmp_path / "sources.yaml"
    path.write_text(json.dumps({"pairs": ["KGZ-RUS"], "sources": [record]}), "utf-8")
    good = {line.field: line.good for line in check(find_place(None, path))}
    assert good == {
        "item": True,
        "link": True,
        "title": True,
        "published": False,
        "next": True,
        "only": True,
        "read": False,
    }
    (tmp_path / "specimens" / "x-ru.html").write_text("<h1>One</h1><div class=text>Words.</div>", "utf-8")
    found = {line.field: line.found for line in check(find_place(None, path))}
    assert (found["published"], found["title"], found["body"]) == ("nothing", "1: One", "1: Words.")


def test_the_commands_exit_with_1_when_something_is_red(tmp_path: Path) -> None:
    def exit_code(*words: str) -> int:
        return CliRunner().invoke(app, [*words, "--home", str(tmp_path / "home")]).exit_code

    assert exit_code("sources", "check", "--sources", str(packaged("sources.yaml"))) == 0
    assert (
        exit_code(
            "sources", "probe", "kremlin-en", "--file", str(PAGE), "--sources", str(packaged("sources.yaml"))
        )
        == 0
    )
    data = yaml.safe_load(packaged("sources.yaml").read_text("utf-8"))
    data["sources"][0]["read"] |= {"title": "h1.nowhere"}
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    assert exit_code("sources", "check", "--sources", str(tmp_path / "sources.yaml")) == 1
    (tmp_path / "page.html").write_text("<html><body><div id=root></div></body></html>", "utf-8")
    assert exit_code("sources", "probe", "kremlin-ru", "--file", str(tmp_path / "page.html"), "--sources", str(packaged("sources.yaml"))) == 1  # fmt: skip
