"""sources.yaml: what it may say, and how its mistakes are named."""

from datetime import timedelta
from pathlib import Path

import pytest

from bilateral.config import (
    STATES,
    Config,
    find_sources,
    home_folder,
    load_config,
    packaged,
    pair_code,
)
from bilateral.errors import ConfigError

WHOLE = """
pairs: [RUS-KGZ]
sources:
  - id: mid-ru
    country: RUS
    publisher: {name: МИД России, en: MFA of Russia, kind: mfa}
    primary: true
    lang: ru
    zone: Europe/Moscow
    licence: not stated
    discover: {feed: "https://mid.ru/ru/rss.php"}
    every: 30 min
    verified: 2025-11
alerts:
  channels: [{id: screen, terminal: true}]
  rules: [{id: signing, when: signing, tier: notify, channels: [screen]}]
"""


def load(folder: Path, text: str) -> Config:
    path = folder / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)[0]


def mistakes(folder: Path, *changes: tuple[str, str]) -> list[str]:
    text = WHOLE
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return caught.value.mistakes


def test_packaged_file_has_the_sources_that_tests_and_gold_sets_name() -> None:
    config, _ = load_config(packaged("sources.yaml"))
    ids = "kremlin-ru kremlin-en president-kg-ru president-kg-ky president-kg-en mid-ru mid-en mid-fr seeds"
    unread = "24kg-ru kabar-ru akorda-ru government-ru gov-kg-ru mfa-kg-ru"
    assert config.pairs == ["KGZ-RUS"]
    assert [source.id for source in config.sources if source.enabled] == ids.split()
    assert [source.id for source in config.sources if source.verified == "never"] == unread.split()
    assert {source.id: source.country for source in config.sources}["seeds"] is None
    assert {rule.when for rule in config.alerts.rules} == {
        "contact_planned",
        "contact_held",
        "signing",
        "source_blocked",
    }
    assert config.alerts.targets == {"screen": "terminal", "log": "file:alerts.jsonl"}


def test_states_are_those_of_the_rules() -> None:
    world = Path(__file__).parents[1] / "bilateral" / "packs" / "world" / "states.toml"
    codes = {
        line.split('"')[1]
        for line in world.read_text(encoding="utf-8").splitlines()
        if line.startswith("code = ")
    }
    assert len(STATES) == 253
    assert codes <= STATES


def test_values_are_read(tmp_path: Path) -> None:
    config = load(tmp_path, WHOLE)
    [source] = config.sources
    assert config.pairs == ["KGZ-RUS"]  # in order, however written
    assert source.every == timedelta(minutes=30)
    assert source.reach == {"mid.ru"}
    assert source.network and source.address == "https://mid.ru/ru/rss.php"
    assert config.source("mid-ru") is source and config.source("nobody") is None


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("lang: ru", "lang: kz", "mid-ru.lang: 'kz' is none of ru, ky, en, fr"),
        ("lang: ru", "lang: ru\n    languge: ru", "mid-ru.languge: no such key (did you mean 'lang'?)"),
        (
            "kind: mfa",
            "kind: ministry",
            "mid-ru.publisher.kind: 'ministry' is none of head_of_state, government, mfa,",
        ),
        ("country: RUS", "country: RSU", "mid-ru.country: 'RSU' is no state: three capital letters"),
        (
            "pairs: [RUS-KGZ]",
            "pairs: [KGZ]",
            "pairs[0]: 'KGZ' is no pair: two different states such as KGZ-RUS",
        ),
        ("pairs: [RUS-KGZ]", "pairs: [RUS-RUS]", "pairs[0]: 'RUS-RUS' is no pair"),
        ("Europe/Moscow", "Europe/Moskow", "mid-ru.zone: 'Europe/Moskow' is no time zone"),
        ("every: 30 min", "every: often", "mid-ru.every: 'often' is no span of time: such as 30 min"),
        ("    licence: not stated\n", "", "mid-ru.licence: is missing"),
        ("    lang: ru\n", "", "mid-ru: lang is missing: one of ru, ky, en, fr"),
        ("https://mid", "ftp://mid", "mid-ru.discover.feed: 'ftp://mid.ru/ru/rss.php' is no address"),
        (
            "https://mid",
            "https://me@mid",
            "mid-ru.discover.feed: 'https://me@mid.ru/ru/rss.php' is no address",
        ),
        ('rss.php"}', 'rss.php", files: seeds}', "mid-ru.discover: exactly one of feed, listing,"),
        (
            'feed: "https',
            'scrape: "https',
            "mid-ru.discover.scrape: no such key (allowed: feed, listing, sitemap, json, files)",
        ),
        (
            '{feed: "https://mid.ru/ru/rss.php"}',
            '[{feed: "https://mid.ru/ru/rss.php"}, {listing: {url: "https://mid.ru/", itm: a}}]',
            "mid-ru.discover[1].listing.itm: no such key (did you mean 'item'?)",
        ),
        (
            '{feed: "https://mid.ru/ru/rss.php"}',
            '{listing: {url: "https://mid.ru/", item: "div..a"}}',
            "mid-ru.discover.listing.item: 'div..a' is no CSS selector",
        ),
        (
            '{feed: "https://mid.ru/ru/rss.php"}',
            '{listing: {url: "https://mid.ru/", page: "https://mid.ru/2"}}',
            "mid-ru.discover.listing.page: 'https://mid.ru/2' has no {n}",
        ),
        (
            '{feed: "https://mid.ru/ru/rss.php"}',
            '{sitemap: {url: "https://mid.ru/s.xml", only: "("}}',
            "mid-ru.discover.sitemap.only: '(' is no regular expression",
        ),
        ("    discover:", "    read: {body: '[x'}\n    discover:", "mid-ru: '[x' is no CSS selector"),
        ("    discover:", "    read: {drop: ['[x']}\n    discover:", "mid-ru.read.drop[0]: '[x' is no CSS"),
        (
            '    discover: {feed: "https://mid.ru/ru/rss.php"}\n',
            "",
            "mid-ru: discover is missing: one of feed, listing, sitemap, json, files",
        ),
        (
            '{feed: "https://mid.ru/ru/rss.php"}',
            '[{feed: "https://mid.ru/ru/rss.php"}, {files: seeds}]',
            "mid-ru: discover: json and files stand alone",
        ),
        ("2025-11", "never", "mid-ru: verified: never, yet enabled"),
        ("2025-11", "2025-13", "mid-ru.verified: '2025-13' does not fit"),
        ("primary: true", "primary: perhaps", "mid-ru.primary: 'perhaps': input should be a valid boolean"),
        (
            "tier: notify",
            "tier: loud",
            "alerts.rules.signing.tier: 'loud' is none of flash, notify, digest, ops",
        ),
        ("[screen]", "[phone]", "alerts.rules.signing.channels: 'phone' is none of screen"),
        (
            "tier: notify",
            "tier: notify, pair: KAZ-RUS",
            "alerts.rules.signing.pair: 'KAZ-RUS' is none of the pairs",
        ),
        (
            "terminal: true",
            "terminal: true, file: x",
            "alerts.channels.screen: exactly one of terminal: true, file, url",
        ),
        (
            "terminal: true",
            "file: ../x.jsonl",
            "alerts.channels.screen.file: '../x.jsonl' is no file below the home",
        ),
        (
            "terminal: true",
            "file: /etc/x.jsonl",
            "alerts.channels.screen.file: '/etc/x.jsonl' is no file below the home",
        ),
        (
            "tier: notify",
            "tier: notify, kinds: [signings]",
            "alerts.rules.signing.kinds[0]: 'signings' is no kind of event (did you mean 'signing'?)",
        ),
        ("pairs:", "pears: 1\npairs:", "pears: no such key (did you mean 'pairs'?)"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, before: str, after: str, line: str) -> None:
    [found] = mistakes(tmp_path, (before, after))
    assert found.startswith(f"sources.yaml: {line}")


def test_a_search_wants_a_place_for_the_id_and_for_the_text(tmp_path: Path) -> None:
    search = (
        'json: {url: "https://a.kg/s", items: c, id: id, title: t, published: p, link: "https://a.kg/news"}'
    )
    [found] = mistakes(tmp_path, ('feed: "https://mid.ru/ru/rss.php"', search))
    assert found.startswith("sources.yaml: mid-ru.discover.json.link: 'https://a.kg/news' has no {id}")
    [found] = mistakes(tmp_path, ('feed: "https://mid.ru/ru/rss.php"', search.replace("/news", "/{id}")))
    assert found.startswith("sources.yaml: mid-ru: read.body is missing")


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path, ("lang: ru", "lang: kz"), ("every: 30 min", "every: 12:30"), ("[screen]", "[phone]")
    )
    assert [line.split(": ")[1] for line in found] == [
        "line 12",
        "mid-ru.lang",
        "mid-ru.every",
        "alerts.rules.signing.channels",
    ]


@pytest.mark.parametrize(
    ("value", "reading"),
    [("yes", "true or false"), ("On", "true or false"), ("12:30", "in sixties"), ("0123", "in eights")],
)
def test_what_yaml_reads_otherwise_wants_quotes(tmp_path: Path, value: str, reading: str) -> None:
    found = mistakes(tmp_path, ("licence: not stated", f"licence: {value}"))
    assert found[0].startswith("sources.yaml: line 10: ") and reading in found[0]
    assert found[0].endswith(f'write "{value}"')


def test_quoted_values_are_taken_as_they_stand(tmp_path: Path) -> None:
    config = load(tmp_path, WHOLE.replace("licence: not stated", 'licence: "no"'))
    assert config.sources[0].licence == "no"


def test_repeated_ids_and_keys_are_mistakes(tmp_path: Path) -> None:
    record = WHOLE[WHOLE.index("  - id") : WHOLE.index("alerts:")]
    [found] = mistakes(tmp_path, ("alerts:", record + "alerts:"))
    assert found == "sources.yaml: sources: the id 'mid-ru' stands 2 times"
    [found] = mistakes(tmp_path, ("    lang: ru\n", "    lang: ru\n    lang: en\n"))
    assert found == "sources.yaml: line 4: the key 'lang' stands 2 times in one record"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("pairs: [a", "no valid YAML"),
        ("- pairs", "['pairs'] stands where keys and values are wanted"),
        ("", "None stands where keys and values are wanted"),
    ],
)
def test_what_is_no_configuration_at_all(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=r"sources\.yaml") as caught:
        load(tmp_path, text)
    assert reason in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read: No such file"):
        load_config(tmp_path / "nowhere.yaml")
    (tmp_path / "sources.yaml").write_bytes(b"pairs: [\xcf\xf0]")
    with pytest.raises(ConfigError, match="byte 8 is not UTF-8"):
        load_config(tmp_path / "sources.yaml")


def test_pairs_of_the_command_line_replace_the_configured_ones(tmp_path: Path) -> None:
    config = load(tmp_path, WHOLE)
    assert config.with_pairs(["UZB-KGZ", "KAZ-RUS", "KGZ-UZB"]).pairs == ["KGZ-UZB", "KAZ-RUS"]
    assert config.with_pairs([]) is config
    with pytest.raises(ConfigError) as caught:
        config.with_pairs(["KGZ", "KGZ-XYZ"])
    assert [line[:7] for line in caught.value.mistakes] == ["--pair:", "--pair:"]


def test_a_pair_has_one_spelling() -> None:
    assert pair_code("RUS-KGZ") == pair_code("KGZ-RUS") == "KGZ-RUS"


def test_where_the_configuration_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BILATERAL_SOURCES", raising=False)
    assert find_sources(None) == packaged("sources.yaml")
    (tmp_path / "sources.yaml").touch()
    assert find_sources(None) == (tmp_path / "sources.yaml").resolve()
    monkeypatch.setenv("BILATERAL_SOURCES", "/etc/named.yaml")
    assert find_sources(None) == Path("/etc/named.yaml")
    assert find_sources(Path("given.yaml")) == Path("given.yaml")


def test_where_the_home_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BILATERAL_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "user"))
    beside, wheel = tmp_path / "sources.yaml", tmp_path / "bilateral" / "_packaged" / "sources.yaml"
    assert home_folder(None, beside) == tmp_path.resolve() / "data"
    assert (
        home_folder(None, wheel).name == "bilateral"
        and tmp_path / "bilateral" not in home_folder(None, wheel).parents
    )
    monkeypatch.setenv("BILATERAL_HOME", str(tmp_path / "named"))
    assert home_folder(None, beside) == (tmp_path / "named").resolve()
    assert home_folder(tmp_path / "given", beside) == (tmp_path / "given").resolve()
    assert not (tmp_path / "given").exists()  # nothing is created by looking
