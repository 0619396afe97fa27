"""Which document of the world a mention means: a first version, by states, type, day and subject.

Titles differ between languages, so the subject is the topic where the rules know it. Documents of one text that
share all of that are told apart by their order, which translations of one list share.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bilateral.model import Document, identity

# Words that the four languages use for one and the same paper.
GROUPS = {
    **{"protocol.amending": "protocol", "agreement.additional": "protocol"},
    **{"mou": "memorandum", "intent": "memorandum"},
    **{"declaration": "joint_statement", "communique": "joint_statement"},
    **{"plan": "programme", "treaty": "agreement"},
}


def agreement_ids(documents: Sequence[Document]) -> list[str]:
    """Return the id of the agreement that each of the *documents* of one text means.

    The same title twice is one agreement; other titles with the same key are counted apart.
    """
    titles: dict[tuple[str, ...], list[str]] = {}
    ids = []
    for document in documents:
        seen = titles.setdefault(key := _key(document), [])
        if (title := plain(document.title)) not in seen:
            seen.append(title)
        ids.append("g" + identity(*key, seen.index(title)))
    return ids


def plain(title: str) -> str:
    """Return *title* as it is compared: no case, no marks, single spaces.

    >>> plain("«Соглашение  о миграции»")
    'соглашение о миграции'
    """
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", title).casefold())
    return words.strip()


def _key(document: Document) -> tuple[str, ...]:
    group = GROUPS.get(document.type, document.type)
    day = document.date.iso if document.date else ""
    if group == "joint_statement" and day:
        return ("-".join(document.states), group, day)  # two states make one a day
    return ("-".join(document.states), group, day, document.topic or plain(document.title))
