"""One run over sites that behave like kremlin.ru and president.kg: every article once, whole, and to the minute."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from homes import program, rows
from servers import Reply
from sites import Kremlin, President, Story, configure, spoken

from bilateral.clean import clean_all
from bilateral.config import load_config
from bilateral.model import Article, Poll
from bilateral.sources import Archive, Fetcher, poll
from bilateral.sources.marks import note_loaded

NOW = datetime(2025, 11, 28, 9, 0, tzinfo=UTC)
BUSY = datetime(2025, 11, 26, 23, 55)
SOURCES = ("kremlin-ru", "kremlin-en", "president-kg-ru", "president-kg-ky", "president-kg-en")
RUSSIAN = (
    "В.Путин: Уважаемый {Садыр Нургожоевич Жапаров}, рад вас видеть.",
    "С.Жапаров: Спасибо. Товарооборот вырос на 13,6 процента.",
    "* * *",
    "Встреча продолжалась два часа; {Пётр Примеров} вёл запись беседы в зале.",
)
ENGLISH = (
    "Vladimir Putin: Mr {Sadyr Japarov}, I am glad to see you.",
    "Sadyr Japarov: Thank you. Trade grew by 13.6 percent.",
    "* * *",
    "The meeting lasted two hours; {Peter Example} kept a record of the talks.",
)


def kremlin_stories(lang: str, count: int = 47, latest: datetime = BUSY) -> list[Story]:
    """A busy day and the days before it: *count* documents with the same numbers in both languages, latest first."""
    body, title = (RUSSIAN, "Встреча") if lang == "ru" else (ENGLISH, "Meeting")
    made = []
    for number in range(count):
        section = ("events/president/news", "acts/news", "misc")[number % 3]
        at = latest - timedelta(minutes=25 * number)
        lead = (
            ("Переговоры прошли в Кремле." if lang == "ru" else "The talks took place in the Kremlin.")
            if number % 2
            else ""
        )
        made.append(Story(78000 + count - number, f"{title} {count - number}", lead, body, at, section))
    link = (
        '<a href="/supplement/6312">'
        + ("Совместное заявление" if lang == "ru" else "Joint Statement")
        + "</a>"
    )
    made[5] = replace(made[5], body=(*body, link))
    return made


def supplement(lang: str) -> Story:
    title, place = ("Совместное заявление", "Бишкек") if lang == "ru" else ("Joint Statement", "Bishkek")
    body = RUSSIAN if lang == "ru" else ENGLISH
    return Story(6312, title, f"{title}.", body, datetime(2025, 11, 26, 21, 7), "supplement", place)


def president_stories() -> dict[str, list[Story]]:
    """Documents of one number in one to three languages; the latest after midnight of Bishkek."""
    titles = {"Ru": "Новость", "Ky": "Жаңылык", "En": "News"}
    bodies = {
        "Ru": ("Состоялась встреча президентов в Бишкеке.", "Обсуждена торговля."),
        "Ky": ("Бишкекте президенттер жолугушту.", "Соода талкууланды."),
        "En": ("The presidents met in Bishkek.", "Trade was discussed."),
    }
    made: dict[str, list[Story]] = {lang: [] for lang in titles}
    for number in range(33):
        at = datetime(2025, 11, 28, 0, 15) - timedelta(hours=number)
        for lang, every in (("Ru", 1), ("Ky", 1), ("En", 3)):
            if number % every == 0:
                made[lang].append(Story(41033 - number, f"{titles[lang]} {number}", "", bodies[lang], at))
    return made


@dataclass
class Home:
    """A home with its sites: what one run after the other brings."""

    folder: Path
    ru: Kremlin
    en: Kremlin
    president: President
    now: datetime = NOW
    polls: dict[str, Poll] = field(default_factory=dict)

    def run(self, *ids: str, load: bool = True) -> dict[str, list[Article]]:
        """Poll the sources, clean what they brought, and note it as loaded; the articles by source."""
        places = {
            "http://kremlin.ru": self.ru.url,
            "http://en.kremlin.ru": self.en.url,
            "https://president.kg/api": self.president.url + "/api",
        }
        config, _ = load_config(configure(self.folder, places))
        archive, brought = Archive(self.folder / "archive"), {}
        with Fetcher(config.user_agent, pause=lambda _: None) as fetcher:
            for source in (one for one in config.sources if one.id in (ids or SOURCES)):
                self.polls[source.id] = poll(source, fetcher, archive, lambda: self.now, config, self.folder)
                articles, unread = clean_all(self.polls[source.id].pages, config)
                assert unread == []
                brought[source.id] = articles
        if load:
            note_loaded(archive, self.polls.values())
        self.now += timedelta(hours=1)
        return brought


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with ExitStack() as stack:
        ru = stack.enter_context(Kremlin(kremlin_stories("ru"), "ru", [supplement("ru")]))
        en = stack.enter_context(Kremlin(kremlin_stories("en"), "en", [supplement("en")]))
        president = stack.enter_context(President(president_stories()))
        yield Home(tmp_path, ru, en, president)


def expected(
    stories: list[Story], lang: str, work: str, zone: str
) -> dict[str, tuple[str, str, datetime, str]]:
    """Key → language, work, instant, text: what the site put in."""
    return {
        f"{lang}:{name}": (lang, f"{work}:{name}", instant(one, zone), spoken(one).text)
        for one in stories
        for name in [f"{one.section}/{one.number}" if one.section == "supplement" else str(one.number)]
    }


def instant(story: Story, zone: str) -> datetime:
    return story.local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def read(articles: list[Article]) -> dict[str, tuple[str, str | None, datetime | None, str]]:
    assert len({article.key for article in articles}) == len(articles)  # every article once
    return {one.key: (one.lang, one.work_id, one.published_at, one.text) for one in articles}


def without_link(stories: list[Story]) -> list[Story]:
    return [replace(one, body=tuple(part.replace('<a href="/supplement/6312">', "").replace("</a>", "") for part in one.body))
            for one in stories]  # fmt: skip


def test_one_run_brings_every_article_once_whole_and_to_the_minute(home: Home) -> None:
    brought = home.run()
    assert {one.source_id: (one.state, one.reason, one.skipped) for one in home.polls.values()} == {
        source: ("ok", "", ()) for source in SOURCES
    }
    for lang in ("ru", "en"):
        stories = [*without_link(kremlin_stories(lang)), supplement(lang)]
        got = read(brought[f"kremlin-{lang}"])
        assert got == expected(stories, lang, "kremlin", "Europe/Moscow")
        assert len(got) == 48
    for lang, stories in president_stories().items():
        got = read(brought[f"president-kg-{lang.lower()}"])
        assert got == expected(stories, lang.lower(), "president-kg", "Asia/Bishkek")
    joined = {one.work_id for one in brought["kremlin-ru"]} & {one.work_id for one in brought["kremlin-en"]}
    assert len(joined) == 48
    newest = brought["president-kg-ky"][0]
    assert (str(newest.published_at), str(newest.published)) == (
        "2025-11-27 18:15:00+00:00",
        "Date(iso='2025-11-28')",
    )


def test_a_page_of_its_own_is_read_without_menu_cards_and_foot(home: Home) -> None:
    [page] = [one for one in home.run("kremlin-ru")["kremlin-ru"] if "supplement" in one.key]
    assert page.text == spoken(supplement("ru")).text
    assert (page.title, page.place) == ("Совместное заявление", "Бишкек")
    assert "В.Путин: Уважаемый Садыр Нургожоевич Жапаров, рад вас видеть." in page.text.split("\n")
    for sign in ("Menu item", "See also", "born somewhere", "Direct link", "Publication status"):
        assert sign not in page.text


def test_a_second_run_asks_one_page_of_each_list_and_finds_nothing_new(home: Home) -> None:
    first = home.run()
    # Three pages of all, two of transcripts (nothing new), one of acts, the supplement; three in each language.
    assert [len(site.asked) for site in (home.ru, home.en, home.president)] == [7, 7, 9]
    second = home.run()
    assert [len(site.asked) for site in (home.ru, home.en, home.president)] == [10, 10, 12]
    known = {article.revision_id for articles in first.values() for article in articles}
    assert {a.revision_id for articles in second.values() for a in articles} <= known


def test_what_grows_or_is_edited_comes_as_another_revision_of_the_same_article(home: Home) -> None:
    first = {one.key: one for one in home.run("kremlin-en")["kremlin-en"]}
    latest = home.en.stories[0]
    home.en.stories[0] = replace(latest, body=(*latest.body, "To be continued."))
    after = {one.key: one for one in home.run("kremlin-en")["kremlin-en"]}
    changed = {key for key, one in after.items() if one.revision_id != first[key].revision_id}
    assert changed == {"en:78047"} and after["en:78047"].text.endswith("\nTo be continued.")


def test_after_a_refusal_what_came_is_kept_and_the_next_run_fetches_the_rest(home: Home) -> None:
    home.ru.allowed = 2
    first = home.run("kremlin-ru")["kremlin-ru"]
    refused = home.polls["kremlin-ru"]
    assert (refused.state, len(first)) == ("blocked", 40) and "HTTP 403" in refused.reason
    assert len(home.ru.asked) == 3  # nothing more is asked of a site that refuses
    home.ru.allowed = 10_000
    second = home.run("kremlin-ru")["kremlin-ru"]
    assert home.polls["kremlin-ru"].state == "ok"
    got = read(second) | read(first)
    assert (
        got.keys()
        == expected([*kremlin_stories("ru"), supplement("ru")], "ru", "kremlin", "Europe/Moscow").keys()
    )


def test_what_was_fetched_but_never_loaded_is_brought_again(home: Home) -> None:
    home.run("kremlin-ru", load=False)  # killed before the load
    again = home.run("kremlin-ru")["kremlin-ru"]
    assert len(again) == 48


def test_a_site_that_was_not_asked_for_long_says_that_documents_may_be_missing(home: Home) -> None:
    home.run("kremlin-en")
    newer = [
        replace(one, number=one.number + 500, local=one.local + timedelta(days=1))
        for one in kremlin_stories("en", 200)
    ]
    home.en.stories = newer + home.en.stories
    home.run("kremlin-en")
    assert ["documents between may be missing" in row.reason for row in home.polls["kremlin-en"].skipped][
        :1
    ] == [True]


def test_a_filter_that_the_site_ignores_is_no_flood_of_old_news(home: Home) -> None:
    config = configure(home.folder, {"https://president.kg/api": home.president.url + "/api"})
    text = (
        config.read_text("utf-8")
        .replace("active: true", "category: talks")
        .replace("ceiling: 60000", "ceiling: 500")
    )
    config.write_text(text, "utf-8")
    source = load_config(config)[0].source("president-kg-ru")
    assert source is not None
    with Fetcher("bilateral") as fetcher:
        got = poll(
            source, fetcher, Archive(home.folder / "a"), lambda: NOW, load_config(config)[0], home.folder
        )
    assert (got.state, got.pages) == ("bad_content", ())
    assert "'totalElements' is 39,000, at most 500 are expected" in got.reason


def test_a_shell_instead_of_the_page_is_named_and_asked_for_again(home: Home) -> None:
    page = home.ru.pages.pop("/supplement/6312")
    home.ru.instead["/supplement/6312"] = Reply(President.SHELL, headers={"content-type": "text/html"})
    assert len(home.run("kremlin-ru")["kremlin-ru"]) == 47
    [row] = home.polls["kremlin-ru"].skipped
    assert row.where.endswith("/supplement/6312") and "finds nothing" in row.reason
    home.ru.instead.clear()
    home.ru.pages[page.path] = page
    assert "ru:supplement/6312" in read(home.run("kremlin-ru")["kremlin-ru"])


@pytest.mark.flow
def test_a_run_of_the_program_loads_every_article_and_names_the_refusal(tmp_path: Path) -> None:
    """The program has its own clock: the site's stories are of yesterday."""
    latest = datetime.now(ZoneInfo("Europe/Moscow")).replace(tzinfo=None, microsecond=0) - timedelta(days=1)
    with ExitStack() as stack:
        stories = {lang: kremlin_stories(lang, latest=latest) for lang in ("ru", "en")}
        ru = stack.enter_context(Kremlin(stories["ru"], "ru", [supplement("ru")], allowed=2))
        en = stack.enter_context(Kremlin(stories["en"], "en", [supplement("en")]))
        president = stack.enter_context(President(president_stories()))
        configure(
            tmp_path,
            {
                "http://kremlin.ru": ru.url,
                "http://en.kremlin.ru": en.url,
                "https://president.kg/api": president.url + "/api",
            },
        )
        (tmp_path / "seeds").mkdir()
        first = program("run", "--home", tmp_path / "home", cwd=tmp_path)
        ru.allowed = 10_000
        second = program("run", "--home", tmp_path / "home", cwd=tmp_path)
        asked = len(en.asked)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    refused = next(line for line in first.stdout.splitlines() if line.startswith("kremlin-ru "))
    assert refused.split()[1:3] == ["blocked", "40"] and "HTTP 403" in refused
    assert "40 new" not in second.stdout and asked == 7 + 3  # the second run met what was loaded by the first
    counted = "SELECT source_id, count(*), count(DISTINCT url), sum(revisions) FROM articles GROUP BY ALL ORDER BY ALL"
    assert rows(tmp_path / "home", counted) == [
        ("kremlin-en", 48, 48, 48),
        ("kremlin-ru", 48, 48, 48),
        ("president-kg-en", 11, 11, 11),
        ("president-kg-ky", 33, 33, 33),
        ("president-kg-ru", 33, 33, 33),
    ]
    together = "SELECT count(*) FROM articles a JOIN articles b USING (work_id) WHERE a.lang = 'ru' AND b.lang = 'en'"
    assert rows(tmp_path / "home", together) == [(48 + 11,)]
    newest = f"SELECT published_at FROM articles WHERE source_id = 'kremlin-ru' AND title = 'Встреча {len(stories['ru'])}'"
    assert rows(tmp_path / "home", newest)[0][0] == instant(stories["ru"][0], "Europe/Moscow")
