"""The name of an official who is in no list, as it is printed beside the office."""

from __future__ import annotations

import re

CAPITAL = r"[А-ЯЁҢӨҮA-ZÀ-Ý][\w'’-]+"
ARABIC = r"(?:[аэ]ль|а[рсднш]|[ae]l|a[rsdn])-[\w'’-]+"
PARTICLE = rf"{ARABIC}|бен|бин|ибн|аль|уулу|кызы|ben|bin|ibn|ould|al|el|von|van|de"
AFTER = re.compile(
    rf"(?: |, )(?:M\. |Mme )?({CAPITAL}(?: (?:{CAPITAL}|{PARTICLE})){{1,4}}|(?<=[Сс]ултан ){ARABIC})"
)
BEFORE = re.compile(  # «Марат Карабаев, министр …»; the first word of a sentence is often no name
    r"(?!(?:On|In|At|By|As|Le|La|В|Во|На|По|С|\w+day)\b)"
    rf"({CAPITAL}(?: (?:{CAPITAL}|{PARTICLE})){{1,3}}), (?:the |le |la |l['’])?$"
)
# The field of a minister between office and name: "ministre kirghiz des Affaires étrangères, M. Jeenbek Kouloubaïev".
FIELD = re.compile(
    r" (?:de la|de l['’]|du|des|de|d['’]|à la|à l['’]|chargée? (?:de la|de l['’]|du|des)) ?"
    r"(?:(?! (?:a|ont|est|sont|s['’]|se|avait|était|sera|doit|va|par|avec|qui|que|pour|sur|en|dans|lors) ?)[\w'’ -]){3,70}?"
    rf"(?=(?: |, )(?:M\. |Mme )?{CAPITAL} [A-ZÀ-Ý])"
)
FIRST = re.compile(rf"^ {CAPITAL} $")  # as it may be spelled before a known surname


def name_after(text: str, end: int, limit: int, field: bool) -> tuple[str, int] | None:
    """Return the name that follows an office up to *limit*, and where it ends; *field*: "de l'Énergie" may stand between."""
    match = AFTER.match(text, end, limit)
    if not match and field and (between := FIELD.match(text, end, limit)):
        match = AFTER.match(text, between.end(), limit)
    return (match[1], match.end()) if match else None


def name_before(text: str, start: int) -> tuple[str, int] | None:
    """Return the name that stands before an office and a comma, and where it begins."""
    match = BEFORE.search(text, max(0, start - 60), start)
    return (match[1], match.start()) if match else None


def is_first_name(gap: str) -> bool:
    """Say whether a gap between office and surname is a first name."""
    return bool(FIRST.match(gap))
