"""Documents that people put into a folder or name on the command line.

`.md`, `.txt` and `.html` with front matter or a sidecar `<name>.yaml`, and `.jsonl` with one document a line.
A document that cannot be read is skipped with file and line; a doubt about one that is read is a row whose
reason begins with "warning:".
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import frontmatter
import yaml

from bilateral.config import STATES, Config
from bilateral.model import Lang, Page, Skipped
from bilateral.sources.dating import guess_language, stated_date

_MEDIA = {".md": "text/markdown", ".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}
_TEXTS = ("doc_id", "source", "lang", "url", "title", "place", "summary", "side")
_FLAGS = ("primary", "synthetic")
_LANGS: tuple[Lang, ...] = ("ru", "ky", "en", "fr")
_MOST = 5_000_000  # bytes of one document


@dataclass
class _Read:
    """What one call has read so far."""

    config: Config
    now: datetime
    polled_as: str
    lang: str | None
    published: str | None
    source: str | None
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)

    def skip(self, where: str, reason: str) -> None:
        self.skipped.append(Skipped(self.polled_as, where, reason))


class _Unreadable(Exception):
    """A document, or a file, that is skipped; the message is the reason."""


def read_files(
    paths: Sequence[Path],
    config: Config,
    now: datetime,
    *,
    lang: str | None = None,
    published: str | None = None,
    source: str | None = None,
) -> tuple[list[Page], list[Skipped]]:
    """Read the documents of *paths*, folders with all that lies below them.

    *lang*, *published* and *source* are for documents that do not say it themselves.
    """
    polled_as = next((one.id for one in config.sources if one.files is not None), "seeds")
    read = _Read(config, now, polled_as, lang, published, source)
    for path in paths:
        for file in _below(path, read) if path.is_dir() else [path]:
            try:
                _read_file(file, read)
            except _Unreadable as error:
                read.skip(str(file), str(error))
    return list(read.pages.values()), read.skipped


def _below(folder: Path, read: _Read) -> Iterator[Path]:
    """Yield the documents of a folder; a README without front matter is about them, none of them."""
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts) or file.name.endswith(
            "~"
        )
        if hidden or not file.is_file() or _is_sidecar(file):
            continue
        if file.suffix not in (*_MEDIA, ".jsonl"):
            read.skip(str(file), f"{file.suffix or 'no ending'!r}: only .md, .txt, .html, .jsonl are read")
        elif not (file.stem.upper() == "README" and not _sidecar(file) and not _starts_with_matter(file)):
            yield file


def _is_sidecar(file: Path) -> bool:
    documents = [file.with_suffix("")] + [file.with_suffix(ending) for ending in _MEDIA]
    return file.suffix == ".yaml" and any(one.is_file() for one in documents)


def _sidecar(file: Path) -> Path | None:
    both = (file.with_name(file.name + ".yaml"), file.with_suffix(".yaml"))
    return next((one for one in both if one.is_file()), None)


def _starts_with_matter(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(7).lstrip(b"\xef\xbb\xbf").startswith(b"---")


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _Unreadable(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _Unreadable(f"byte {error.start} is not UTF-8") from error


def _read_file(file: Path, read: _Read) -> None:
    if not file.exists():
        raise _Unreadable("no such file")
    if not file.is_file():
        raise _Unreadable("no regular file")
    if file.suffix == ".jsonl":
        _read_lines(file, read)
        return
    if file.suffix not in _MEDIA:
        raise _Unreadable(f"{file.suffix or 'no ending'!r}: only .md, .txt, .html, .jsonl are read")
    said, body = _matter(file, _text(file))
    name = said.get("doc_id") or said.get("url") or _name(file)
    _take(said, body, _MEDIA[file.suffix], str(file), str(name), read)


def _name(file: Path) -> str:
    """Return folder and name: the same from wherever the file is seen, and two reports of one name stay two."""
    return f"{file.parent.resolve().name}/{file.name}"


def _matter(file: Path, text: str) -> tuple[dict[str, Any], str]:
    """Return what the front matter and the sidecar say, the front matter first, and the text below."""
    sidecar = _sidecar(file)
    try:
        said, body = frontmatter.parse(text)
        beside = yaml.safe_load(_text(sidecar)) if sidecar else {}
    except (yaml.YAMLError, RecursionError) as error:
        raise _Unreadable(f"front matter: no valid YAML: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(said, Mapping) or not isinstance(beside or {}, Mapping):
        raise _Unreadable("front matter: keys and values are expected")
    return {**(beside or {}), **said}, body


def _read_lines(file: Path, read: _Read) -> None:
    text = _text(file)
    if not text.strip():
        raise _Unreadable("the file holds no documents")
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{file}: line {number}"
        try:
            said = json.loads(line)
            if not isinstance(said, dict):
                raise _Unreadable("no JSON object")
            body = said.pop("text", "")
            name = said.get("doc_id") or said.get("url") or f"{_name(file)}:{number}"
            _take(said, body, "text/plain", where, str(name), read)
        except json.JSONDecodeError as error:
            read.skip(where, f"no valid JSON: {error.msg} at column {error.colno}")
        except RecursionError:
            read.skip(where, "no valid JSON: nested too deep")
        except _Unreadable as error:
            read.skip(where, str(error))


def _take(said: dict[str, Any], text: Any, media_type: str, where: str, name: str, read: _Read) -> None:
    """Turn one document into a page, or raise with the reason why it is none."""
    if not isinstance(text, str) or not text.strip():
        raise _Unreadable("the document has no text")
    body = text.encode("utf-8", "replace")
    if len(body) > _MOST:
        raise _Unreadable(f"more than {_MOST:,} bytes")
    texts, flags = _checked(said, where, read)
    source_id = texts["source"] or read.source or read.polled_as
    source = read.config.source(source_id)
    lang = _language(texts["lang"] or read.lang or (source.lang if source else None), text)
    synthetic = flags["synthetic"] is True
    page = Page(
        source_id=source_id,
        polled_as=read.polled_as,
        key=f"file:{name}",
        url=texts["url"] or "",
        lang=lang,
        fetched_at=read.now,
        media_type=media_type,
        body=body,
        title=texts["title"],
        lead=texts["summary"],
        published=_published(said.get("published"), text, where, read),
        side=source.country
        if source and source.network
        else texts["side"] or _publisher(texts["url"], read.config),
        primary=(source.primary if source and source.network else flags["primary"] is True) and not synthetic,
        synthetic=synthetic,
        place=texts["place"],
    )
    if (page.source_id, page.key) in read.pages:
        raise _Unreadable(f"{name!r} of {source_id} was read already: give it a doc_id of its own")
    read.pages[page.source_id, page.key] = page


def _checked(
    said: Mapping[str, Any], where: str, read: _Read
) -> tuple[dict[str, str | None], dict[str, bool | None]]:
    """Return the known values by name; a wrong type is a reason to skip, an unknown key a warning."""
    known = (*_TEXTS, *_FLAGS, "published")
    for key in said:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            read.skip(where, f"warning: no such key {key!r} ({hint})")
    for key in (*_TEXTS, *_FLAGS):
        wanted = str if key in _TEXTS else bool
        if said.get(key) is not None and not isinstance(said[key], wanted):
            raise _Unreadable(f"{key}: {said[key]!r} is no {'text' if wanted is str else 'true or false'}")
    texts = {key: (said.get(key) or "").strip() or None for key in _TEXTS}
    if texts["side"] and texts["side"] not in STATES:
        raise _Unreadable(f"side: {texts['side']!r} is no state: three capital letters such as KGZ")
    if texts["url"] and not texts["url"].startswith(("http://", "https://")):
        read.skip(where, f"warning: url: {texts['url']!r} is left out: not http or https")
        texts["url"] = None
    return texts, {key: said.get(key) for key in _FLAGS}


def _publisher(url: str | None, config: Config) -> str | None:
    """Return the state whose configured source publishes under the host of *url* ("en.kremlin.ru": RUS)."""
    try:
        host = (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:  # no address: it tells of no publisher
        return None
    return next((s.country for s in config.sources if host and host in s.reach), None)


def _language(lang: str | None, text: str) -> Lang:
    if lang is None:
        return guess_language(text)
    for known in _LANGS:
        if lang == known:
            return known
    raise _Unreadable(f"lang: {lang!r} is none of {', '.join(_LANGS)}")


def _published(said: Any, text: str, where: str, read: _Read) -> str | None:
    """Return the date as printed; without one, what the text states of itself."""
    printed = said if said is not None else read.published
    if isinstance(printed, (date, datetime)):
        return printed.isoformat()
    if printed is not None:
        if _is_date(str(printed)):
            return str(printed)
        read.skip(
            where, f"warning: published: {printed!r} is no date such as 2025-11-26 or 2025-11-26T14:30+06:00"
        )
    stated = stated_date(text, read.now.date())
    if stated is None:
        read.skip(where, "warning: date unknown: neither given nor stated in the text")
    return stated.iso if stated else None


def _is_date(printed: str) -> bool:
    try:
        datetime.fromisoformat(printed if len(printed) > 7 else (printed + "-01-01")[:10])
    except ValueError:
        return False
    return True
