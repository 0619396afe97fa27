"""Write world/states.toml and world/cities.toml from CLDR and from the lists by hand; run it after changing those.

    python -m bilateral.packs.build_world                  writes both files
    python -m bilateral.packs.build_world decline WORDS    prints the Russian and the Kyrgyz pattern of a name

Babel is needed here only: the program itself reads the written files.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli

WORLD = Path(__file__).parent / "world"
LANGS = ("ru", "ky", "en", "fr")
STATE_KEYS = ("names", "inside", "local", "adjectives", "prefix", "demonyms", "metonyms", "bodies")
NO_CLDR = {"ABK", "OST", "EUU", "XKX"}  # codes that CLDR does not list among the three-letter ones
NOUN = {
    "names",
    "inside",
    "local",
    "metonyms",
    "bodies",
}  # what is declined; the other keys are taken as written
NARROW = {"а": "ы", "о": "у", "е": "и", "ө": "ү"}  # the close vowel of an ending, by its open one
# An abbreviation is read by its letters, in more than one way.
ABBREVIATION = "|нын|нин|нун|дын|дин|дун|тын|тин|га|ге|го|ка|ке|ны|ни|ну|ды|ди|ду|ты|ти|да|де|до|та|те|дан|ден|дон|тан|тен|дагы|деги"

# The ending of a Russian noun, and the endings that stand in its place: the first that fits is taken.
RUSSIAN: tuple[tuple[str, str], ...] = (
    ("(ск|цк)ая", "ая|ой|ую|ою"),
    ("(д|ж|л|н|в)ая", "ая|ой|ую|ою"),
    ("(ск|цк)ий", "ий|ого|ому|им|ом"),
    ("(н|т)ый", "ый|ого|ому|ым|ом"),
    ("(ск|н|т)ое", "ое|ого|ому|ым|им|ом"),
    ("(ств)о", "о|а|у|ом|е"),
    ("(и)я", "я|и|ю|ей"),
    ("я", "я|и|е|ю|ей"),
    ("(г|к|х|ж|ш|ч|щ)а", "а|и|е|у|ой|ей"),
    ("а", "а|ы|е|у|ой|ей"),
    ("(и)й", "й|я|ю|ем|и"),
    ("й", "й|я|ю|ем|е"),
    ("ь", "ь|я|ю|ем|е|и|ью"),
    ("ы", "ы|ов||ам|ами|ах"),
    ("(ж|ш|ч|щ|ц)", "|а|у|ем|е"),
    ("[бвгдзклмнпрстфхц]", "|а|у|ом|е"),
)
SURNAME: tuple[tuple[str, str], ...] = (
    ("(ов|ев|ёв|ин|ын)а", "а|ой|у"),
    ("(ов|ев|ёв|ин|ын)", "|а|у|ым|ом|е"),
    ("ых", "ых"),
    ("(ск|цк)ой", "ой|ого|ому|им|ом"),
)


def decline(words: str, *, person: bool = False) -> str:
    """Return the pattern of all Russian cases of *words*, given in the nominative.

    Capitals that are an abbreviation, words in small letters and words marked with "!" stay as they are.

    >>> decline("Саудовская Аравия")
    'Саудовск(ая|ой|ую|ою) Арави(я|и|ю|ей)'
    >>> decline("Садыр Жапаров", person=True)
    'Садыр(|а|у|ом|е) Жапаров(|а|у|ым|ом|е)'
    """
    rules = SURNAME + RUSSIAN if person else RUSSIAN
    return " ".join(_case_forms(word, rules) for word in _plain(words).split(" "))


def _plain(words: str) -> str:
    return words.replace("ё", "е").replace("Ё", "Е")


def _case_forms(word: str, rules: Iterable[tuple[str, str]]) -> str:
    if word.endswith("!") or word.islower() or (word.isupper() and len(word) > 1):
        return word.rstrip("!")
    for ending, forms in rules:
        if match := re.search(f"(?:{ending})$", word):
            stem = word[: match.start()] + (match.group(1) if match.re.groups else "")
            return _with_forms(stem if forms[0] != "|" else word, forms)
    return word


def _with_forms(stem: str, forms: str) -> str:
    return f"{stem}({forms})" if "|" in forms else stem + forms


def kyrgyz(words: str) -> str:
    """Return the pattern of *words* with the Kyrgyz case endings.

    A long word takes any ending: no other word begins so. A short one has its endings written out.

    >>> kyrgyz("Мали"), kyrgyz("Кыргызстан")
    ('Мали(|нин|ге|ни|де|ден|деги|лик)', 'Кыргызстан*')
    """
    head, _, last = _plain(words).rstrip("!ь").rpartition(" ")  # «Беларусь»: «Беларустун»
    if last.isupper():
        return f"{head} {last}({ABBREVIATION})".strip()
    long = len(last) > 5 or (head and len(last) > 4)
    return f"{head} {last}{'*' if long else '(' + '|'.join(['', *_kyrgyz_endings(last)]) + ')'}".strip()


def _kyrgyz_endings(word: str) -> list[str]:
    vowels = re.sub("[^аоуыэеиөүяёю]", "", word.lower().replace("я", "а").replace("ё", "о").replace("ю", "у"))
    last = (vowels or "е")[-1]
    wide = {"ы": "а", "у": "а", "и": "е", "э": "е", "ү": "ө"}.get(last, last)
    narrow = {"у": "у", "ү": "ү"}.get(last, NARROW[wide])
    if word[-1].lower() in "пфктсшщчцх":
        n, d, g, lik = "т", "т", "к", "т"
    elif word[-1].lower() in "аоуыэеиөүяёю":
        n, d, g, lik = "н", "д", "г", "л"
    else:
        n, d, g, lik = "д", "д", "г", "л" if word[-1].lower() in "рй" else "д"
    accusative = n + narrow
    return [
        f"{n}{narrow}н", g + wide, accusative, d + wide, f"{d}{wide}н",
        f"{d}{wide}г{'ы' if narrow in 'ыу' else 'и' if narrow == 'и' else 'ү'}", f"{lik}{narrow}к",
    ]  # fmt: skip


def french(adjective: str) -> str:
    """Return the pattern of the genders and numbers of a French adjective.

    >>> french("russe"), french("chinois"), french("indien"), french("tadjik")
    ('russe(|s)', 'chinois(|e|es)', 'indien(|ne|s|nes)', 'tadjik(|e|s|es)')
    """
    if adjective.endswith("e"):
        return adjective + "(|s)"
    if adjective.endswith(("en", "on")):
        return adjective + "(|ne|s|nes)"
    return adjective + ("(|e|es)" if adjective.endswith(("s", "z", "x")) else "(|e|s|es)")


def kyrgyz_adjective(name: str) -> str:
    """Return the pattern of the Kyrgyz adjective of a state: «таиландлык», in any case.

    >>> kyrgyz_adjective("Таиланд")
    'таиланддык*'
    """
    return name.lower() + _kyrgyz_endings(name)[-1] + "*"


NOUNS: Mapping[str, Callable[[str], str]] = {"ru": decline, "ky": kyrgyz}


def pattern(entry: str, lang: str) -> str:
    """Return the pattern of one noun of the lists by hand; "=" begins one that is a pattern already."""
    if entry.startswith("="):
        return entry[1:]
    return NOUNS.get(lang, str)(entry.replace("’", "'"))


def adjectives(entry: Mapping[str, list[str]], lang: str, names: Sequence[str]) -> dict[str, list[str]]:
    """Return adjectives, prefixes and demonyms in *lang* from the stems of one state."""
    stems = entry.get("adj", [])
    if lang == "ru":
        prefix = [stem + "о-" for stem in stems if not stem.startswith("=")]
        return {"adjectives": [stem + "*" for stem in stems], "prefix": prefix}
    if lang == "ky":
        simple = [kyrgyz_adjective(name) for name in names if re.fullmatch(r"[А-ЯӨҮ][а-яөүң]{3,}", name)]
        return {"adjectives": [stem.lstrip("=") for stem in stems] or simple[:1]}
    if lang == "fr":
        return {"adjectives": [french(stem) for stem in stems]}
    people = [stem + "s" for stem in stems if not stem.endswith(("sh", "ese", "ch", "z"))]
    return {"adjectives": list(stems), "demonyms": people}


def state(code: str, entry: Mapping[str, Any], cldr: Mapping[str, str]) -> dict[str, Any]:
    """Return one state as world/states.toml holds it."""
    english = entry.get("name") or cldr["en"].replace("&", "and").replace("’", "'").replace("St.", "Saint")
    row: dict[str, Any] = {"code": code, "name": NAMES.get(code, english)}
    for lang in LANGS:
        hand = entry.get(lang, {})
        own = [] if lang in entry.get("drop", ()) or lang not in cldr else [cldr[lang]]
        names = [*own, *hand.get("names", [])]
        lists = {key: hand.get(key, []) for key in STATE_KEYS} | {"names": names}
        forms = {k: [pattern(n, lang) if k in NOUN else n.lstrip("=") for n in v] for k, v in lists.items()}
        for key, found in adjectives(hand, lang, names).items():
            forms[key] = forms[key] if key in hand and key == "demonyms" else [*found, *forms[key]]
        row[lang] = {key: list(dict.fromkeys(forms[key])) for key in STATE_KEYS if forms[key]}
    return row


# English names where CLDR has a form of its own.
NAMES = {
    "CIV": "Côte d'Ivoire", "COD": "DR Congo", "COG": "Congo", "MMR": "Myanmar", "PSE": "Palestine",
    "TUR": "Turkey", "USA": "United States", "VAT": "Vatican",
}  # fmt: skip


def cldr_names() -> dict[str, dict[str, str]]:
    """Return the names that CLDR gives to each territory, by alpha-3 code and language."""
    from babel import Locale
    from babel.core import get_global

    short = {code: two[0] for code, two in get_global("territory_aliases").items() if len(code) == 3}
    short |= {"EUU": "EU", "XKX": "XK"}
    names = {lang: Locale.parse(lang).territories for lang in LANGS}
    return {
        code: {lang: names[lang][two] for lang in LANGS if two in names[lang]} for code, two in short.items()
    }


def city(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return one city as world/cities.toml holds it."""
    row = {key: value for key, value in entry.items() if key not in LANGS}
    for lang in LANGS:
        given = entry.get(lang, [entry["name"]] if lang in ("en", "fr") else entry.get("ru", []))
        row[lang] = list(dict.fromkeys(pattern(word, lang) for word in given))
    return row


def toml(table: str, rows: Iterable[Mapping[str, Any]], head: str) -> str:
    """Return *rows* as a TOML array of tables, one key a line."""
    return "\n".join([f"# {head}", *(line for row in rows for line in _table(table, row))]) + "\n"


def _table(table: str, row: Mapping[str, Any]) -> list[str]:
    plain = [f"{key} = {_value(value)}" for key, value in row.items() if not isinstance(value, dict)]
    nested = [(key, value) for key, value in row.items() if isinstance(value, dict) and value]
    lines = ["", f"[[{table}]]", *plain]
    for key, value in nested:
        lines += [f"[{table}.{key}]", *(f"{name} = {_value(item)}" for name, item in value.items())]
    return lines


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def build() -> dict[str, str]:
    """Return the text of each file that this script writes, by its name."""
    read = {
        name: tomli.loads((WORLD / "hand" / name).read_text("utf-8"))
        for name in ("states.toml", "cities.toml")
    }
    cldr = cldr_names()
    states = [state(code, entry, cldr.get(code, {})) for code, entry in sorted(read["states.toml"].items())]
    head = "Written by bilateral/packs/build_world.py from hand/ and CLDR: change those, not this."
    return {
        "states.toml": toml("state", states, head),
        "cities.toml": toml("city", map(city, read["cities.toml"]["city"]), head),
    }


def main(arguments: Sequence[str]) -> None:
    """Write the files, or print the patterns of a name."""
    if arguments[:1] == ["decline"]:
        words = " ".join(arguments[1:])
        print(f"ru = {_value([decline(words, person=True)])}\nky = {_value([kyrgyz(words)])}")
        return
    for name, text in build().items():
        (WORLD / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
