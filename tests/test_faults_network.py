"""The table of faults, 1 to 10 and 35 to 44: what comes over the wire. docs/fetching.md lists them all.

Each row says what the faulty source is left with; that the next source was read is asserted by the cage, which
also kills what hangs and bounds the memory.
"""

import gzip
import io
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import brotli
import pytest
from backports import zstd
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from homes import feed, write_sources
from hostile import NOW, Cage, Doing
from servers import Asked, Item, Reply, Site, atom

from bilateral.config import load_config
from bilateral.errors import ConfigError
from bilateral.sources import Archive, Limits, verify

Handler = BaseHTTPRequestHandler


def items(*numbers: int, word: str = "Talks", host: str = "http://en.kremlin.ru") -> bytes:
    told = [Item(n, f"{word} {n}", f"<p>They met {n}.</p>", "2025-11-26T10:00:00+03:00") for n in numbers]
    return atom(told, host)


GOOD = items(2, 1)


@pytest.fixture(scope="module")
def cage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cage]:
    cage = Cage(tmp_path_factory.mktemp("cage"))
    with cage.fine:
        yield cage
    cage.close()


@pytest.fixture
def inner() -> Iterator[Site]:
    """A service of the own network that nobody outside may reach."""
    with Site() as site:
        site.answers = {"/": Reply(GOOD), "/feed": Reply(GOOD)}
        yield site


def to(location: str) -> Reply:
    return Reply(status=302, headers={"location": location})


# ── 1 to 5: addresses ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "location",
    ["{inner}/feed", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data", "http://[fd00::1]/"],
)
def test_01_a_redirect_to_a_private_address(cage: Cage, tmp_path: Path, inner: Site, location: str) -> None:
    """Even where the record names the host: what counts is where the connection would lead."""
    hosts = ["10.0.0.1", "169.254.169.254", "fd00::1"]
    with Site({"/feed": to(location.format(inner=inner.url))}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed", hosts=hosts))["bad"]
    assert (left.state, left.health, left.texts, inner.asked) == ("unreachable", "blocked", (), [])
    assert "only public addresses" in left.reason


def test_01_a_redirect_to_a_host_of_nobody(cage: Cage, tmp_path: Path) -> None:
    with Site({"/feed": to("http://elsewhere.test/feed")}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
    assert (left.state, left.texts) == ("bad_content", ()) and "is none of 127.0.0.1" in left.reason


def test_02_a_name_that_resolves_otherwise_the_second_time(cage: Cage, tmp_path: Path) -> None:
    """What was checked is what is connected to; the next connection is checked anew."""
    with Site({"/feed": Reply(GOOD, headers={"connection": "close"})}) as site:
        record = feed("bad", f"http://rebinds.test:{site.port}/feed", ask={"robots": False})
        doing = Doing(allow=frozenset({("127.0.0.1", site.port)}), resolver=(("127.0.0.1",), ("10.0.0.7",)))
        first = cage.run(tmp_path, record, doing=doing)["bad"]
        both = Doing(allow=doing.allow, resolver=(("127.0.0.1", "10.0.0.7"),))
        second = cage.run(tmp_path, record, doing=both)["bad"]
        assert len(site.asked) == 1
    assert (first.state, len(first.texts)) == ("ok", 2)
    assert (second.state, second.texts) == ("unreachable", first.texts)  # what was read before stays
    assert "10.0.0.7" in second.reason


def test_02_a_name_that_resolves_otherwise_for_the_next_request(cage: Cage, tmp_path: Path) -> None:
    with Site({"/feed": Reply(GOOD)}) as site:
        site.robots = Reply(b"", headers={"connection": "close"})
        record = feed("bad", f"http://rebinds.test:{site.port}/feed")
        doing = Doing(allow=frozenset({("127.0.0.1", site.port)}), resolver=(("127.0.0.1",), ("10.0.0.7",)))
        left = cage.run(tmp_path, record, doing=doing)["bad"]
        assert site.asked == []
    assert (left.state, left.texts) == ("unreachable", ())


@pytest.mark.parametrize(
    "location",
    [
        "http://en.kremlin.ru@127.0.0.1:{port}/feed",
        "http://en.kremlin.ru:80@127.0.0.1:{port}/feed",
        "http://127.0.0.1:{port}\\@en.kremlin.ru/feed",
        "//me:secret@127.0.0.1:{port}/feed",
    ],
)
def test_03_credentials_that_look_like_a_host(cage: Cage, tmp_path: Path, inner: Site, location: str) -> None:
    with Site({"/feed": to(location.format(port=inner.port))}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed", hosts=["en.kremlin.ru"]))["bad"]
    assert (left.state, left.texts, inner.asked) == ("bad_content", (), [])


def test_03_credentials_in_the_configuration_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="without a user name"):
        load_config(write_sources(tmp_path, feed("bad", "http://kremlin.ru@127.0.0.1/feed")))


@pytest.mark.parametrize(
    "host",
    ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "2130706433", "0x7f.1"],
)
def test_04_private_addresses_in_disguise(cage: Cage, tmp_path: Path, inner: Site, host: str) -> None:
    """The record names the host, so that only the check of the peer is left."""
    hosts = [host.strip("[]"), "::ffff:7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "127.0.0.1"]
    with Site({"/feed": to(f"http://{host}:{inner.port}/feed")}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed", hosts=hosts))["bad"]
    assert (left.state, left.texts, inner.asked) == ("unreachable", (), [])
    assert "only public addresses" in left.reason


def test_05_a_redirect_loop(cage: Cage, tmp_path: Path) -> None:
    with Site({"/feed": to("/again"), "/again": to("/feed")}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
        assert len(site.asked) == 6
    assert (left.state, left.health) == ("bad_content", "changed") and "more than 5 redirects" in left.reason


# ── 6 and 7: time and size ───────────────────────────────────────────────────────────────────────


def drip(head: bytes, drop: bytes) -> Callable[[Handler, Asked], None]:
    def dripping(handler: Handler, asked: Asked) -> None:
        handler.wfile.write(head)
        for _ in range(1200):  # bounded: a minute at most
            handler.wfile.write(drop)
            time.sleep(0.05)

    return dripping


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (HEAD + b"content-length: 99999\r\n\r\n", b"x"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (HEAD + b"content-encoding: gzip\r\n\r\n" + gzip.compress(GOOD)[:40], b"x"),
        (HEAD, b"x: y\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b"H"),
    ],
    ids=["body", "chunks", "gzip", "headers", "continue", "nothing"],
)
def test_06_a_slow_drip(cage: Cage, tmp_path: Path, head: bytes, drop: bytes) -> None:
    with Site({"/feed": drip(head, drop)}) as site:
        begun = time.monotonic()
        left = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
        took = time.monotonic() - begun
    assert (left.state, left.health, left.texts) == ("timed_out", "blocked", ())
    assert took < 20  # ten times the two seconds that the source has


def test_06_a_server_that_never_shakes_hands(cage: Cage, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connects, and says nothing
        begun = time.monotonic()
        left = cage.run(tmp_path, feed("bad", f"https://127.0.0.1:{silent.getsockname()[1]}/feed"))["bad"]
        assert time.monotonic() - begun < 20
    assert (left.state, left.health) in (("timed_out", "blocked"), ("unreachable", "blocked"))


@pytest.mark.parametrize("chunked", [False, True])
def test_07_an_endless_body(cage: Cage, tmp_path: Path, chunked: bool) -> None:
    def endless(handler: Handler, asked: Asked) -> None:
        handler.wfile.write(HEAD + (b"transfer-encoding: chunked\r\n\r\n" if chunked else b"\r\n"))
        for _ in range(20_000):  # bounded: two gigabytes
            handler.wfile.write(b"186a0\r\n" + bytes(100_000) + b"\r\n" if chunked else bytes(100_000))

    with Site({"/feed": endless}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
    assert (left.state, left.health, left.texts) == ("too_large", "blocked", ())
    assert "more than 1,000,000 bytes" in left.reason


def test_07_endless_headers(cage: Cage, tmp_path: Path) -> None:
    def endless(handler: Handler, asked: Asked) -> None:
        handler.wfile.write(HEAD)
        for number in range(20_000):
            handler.wfile.write(b"x-%d: " % number + b"y" * 1000 + b"\r\n")

    with Site({"/feed": endless}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
    assert (left.state, left.texts) == ("bad_content", ())


# ── 8 to 10: bombs ───────────────────────────────────────────────────────────────────────────────

SIZE = 600_000_000  # bytes when unpacked: more than twice the memory of the cage


def gzip_bomb() -> bytes:
    held = io.BytesIO()
    with gzip.GzipFile(fileobj=held, mode="wb", compresslevel=1) as packer:
        for _ in range(SIZE // 1_000_000):
            packer.write(bytes(1_000_000))
    return held.getvalue()


def br_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    parts = [packer.process(bytes(1_000_000)) for _ in range(SIZE // 1_000_000)]
    return b"".join(parts) + packer.finish()


def zstd_bomb() -> bytes:
    packer = zstd.ZstdCompressor(level=1)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(SIZE // 1_000_000)) + packer.flush()


def bomb(cage: Cage, folder: Path, coding: str, packed: bytes) -> None:
    assert len(packed) < 5_000_000
    with Site({"/feed": Reply(packed, headers={"content-encoding": coding})}) as site:
        doing = Doing(Limits(total=8, attempt=8, body=5_000_000))
        left = cage.run(folder, feed("bad", site.url + "/feed"), doing=doing)["bad"]
    assert (left.state, left.health, left.texts) == ("too_large", "blocked", ())
    assert "more than 5,000,000 bytes when unpacked" in left.reason


def test_08_a_gzip_bomb(cage: Cage, tmp_path: Path) -> None:
    bomb(cage, tmp_path, "gzip", gzip_bomb())


def test_09_a_br_bomb(cage: Cage, tmp_path: Path) -> None:
    bomb(cage, tmp_path, "br", br_bomb())


def test_10_a_zstd_bomb(cage: Cage, tmp_path: Path) -> None:
    bomb(cage, tmp_path, "zstd", zstd_bomb())


def test_10_a_zstd_frame_that_wants_the_memory(cage: Cage, tmp_path: Path) -> None:
    with Site({"/feed": Reply(zstd_window(27), headers={"content-encoding": "zstd"})}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
    assert (left.state, left.texts) == ("bad_content", ()) and "too much memory" in left.reason


def zstd_window(log: int) -> bytes:
    """A frame of unknown length whose window has 2**log bytes."""
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: log})
    return packer.compress(bytes(1000)) + packer.flush()


# ── 35, 36, 44: lists and versions that lead astray ──────────────────────────────────────────────


def numbered(make: Callable[[int], bytes]) -> Callable[[Handler, Asked], Reply]:
    def page(handler: Handler, asked: Asked) -> Reply:
        _, _, number = asked.path.partition("?page=")
        return Reply(make(int(number or 1)))

    return page


def with_next(content: bytes, url: str) -> bytes:
    return content.replace(b"<id>", f'<link rel="next" href="{url}"/><id>'.encode(), 1)


def test_35_pages_without_end(cage: Cage, tmp_path: Path) -> None:
    """Each page names a next one with new documents; the ceiling ends it, and says so."""
    with Site() as site:
        make = lambda n: with_next(items(2 * n, 2 * n + 1), f"/feed?page={n + 1}")  # noqa: E731
        site.answers["/feed"] = numbered(make)
        record = feed("bad", "", discover={"feed": {"url": site.url + "/feed", "pages": 4}})
        left = cage.run(tmp_path, record)["bad"]
        assert len(site.asked) == 4
    assert (left.state, len(left.texts)) == ("ok", 8)


def test_35_a_search_without_end(cage: Cage, tmp_path: Path) -> None:
    def search(handler: Handler, asked: Asked) -> Reply:
        number = json.loads(asked.body)["page"]
        rows = [{"id": 2 * number + k, "t": "T", "d": "2025-11-26", "b": "<p>Text.</p>"} for k in (0, 1)]
        return Reply(json.dumps({"rows": rows}).encode())

    with Site({"/search": search}) as site:
        left = cage.run(tmp_path, json_record(site.url + "/search", pages=5))["bad"]
        assert len(site.asked) == 5
    assert (left.state, len(left.texts)) == ("ok", 10)


def json_record(url: str, **more: Any) -> dict[str, Any]:
    way = {"url": url, "post": {"page": 0}, "page": "page", "items": "rows", "id": "id", "title": "t"}
    way |= {"published": "d", "link": "http://en.kremlin.ru/news/{id}"}
    return feed("bad", "", discover={"json": way | more}, read={"body": "b"})


def test_36_an_etag_that_lies(cage: Cage, tmp_path: Path) -> None:
    """It says "unchanged" whatever is published; once a day everything is read whole."""
    tag = {"etag": '"always the same"'}

    def liar(handler: Handler, asked: Asked) -> Reply:
        return Reply(b"", 304, tag) if "if-none-match" in asked.headers else Reply(site.content, headers=tag)  # type: ignore[attr-defined]

    with Site({"/feed": liar}) as site:
        states, counts = [], []
        for hours, content in ((0, items(1)), (1, items(2, 1)), (23, items(2, 1)), (48, items(3, 2, 1))):
            site.content = content  # type: ignore[attr-defined]
            doing = Doing(now=NOW + timedelta(hours=hours))
            left = cage.run(tmp_path, feed("bad", site.url + "/feed"), doing=doing)["bad"]
            states.append(left.state)
            counts.append(len(left.texts))
    assert states == ["ok", "not_modified", "not_modified", "ok"]
    assert counts == [1, 1, 1, 3]  # late, but not missed


def test_44_a_list_whose_second_page_repeats_the_first(cage: Cage, tmp_path: Path) -> None:
    page = b"<html><body><ul><li><a href='/news/1'>One</a></li><li><a href='/news/2'>Two</a></li></ul></body></html>"
    with Site({"/list": Reply(page)}) as site:
        for number in (1, 2):
            site.answers[f"/news/{number}"] = Reply(
                document(number).encode(), headers={"content-type": "text/html"}
            )
        way = {"url": site.url + "/list", "item": "li", "page": site.url + "/list?page={n}", "pages": 9}
        left = cage.run(tmp_path, feed("bad", "", discover={"listing": way}))["bad"]
        lists = [one.path for one in site.asked if one.path.startswith("/list")]
    assert lists == ["/list", "/list?page=2"]
    assert (left.state, len(left.texts)) == ("ok", 2)


def document(number: int) -> str:
    told = f"On 26 November the two presidents met and spoke of trade, transport and energy, part {number}. "
    return f"<html><head><title>Talks {number}</title></head><body><article><h1>Talks {number}</h1><p>{told * 6}</p></article></body></html>"


# ── 37 and 38: busy servers ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "wait",
    ["3600", format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)],
    ids=["seconds", "date"],
)
def test_37_too_many_requests_with_retry_after(cage: Cage, tmp_path: Path, wait: str) -> None:
    with Site({"/feed": Reply(b"", 429, {"retry-after": wait})}) as site:
        first = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
        second = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
        assert len(site.asked) == 1  # and is left alone as it wishes
    assert (first.state, first.health, first.texts) == ("server_error", "blocked", ())
    assert "HTTP 429" in first.reason
    assert second.state == "server_error" and "asked not to be asked again before" in second.reason


def test_38_unavailable_then_fine(cage: Cage, tmp_path: Path) -> None:
    replies = iter([Reply(b"", 503), Reply(b"", 503, {"retry-after": "0"}), Reply(GOOD)])
    with Site({"/feed": lambda handler, asked: next(replies)}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
        assert len(site.asked) == 3
    assert (left.state, left.reason, len(left.texts)) == ("ok", "", 2)


def test_38_unavailable_for_good_is_no_empty_day(cage: Cage, tmp_path: Path) -> None:
    with Site({"/feed": Reply(GOOD)}) as site:
        record = feed("bad", site.url + "/feed")
        cage.run(tmp_path, record)
        site.answers["/feed"] = Reply(b"", 503)
        left = cage.run(tmp_path, record, doing=Doing(now=NOW + timedelta(days=2)))["bad"]
    assert (left.state, left.health, len(left.texts)) == ("server_error", "blocked", 2)


# ── 39 and 40: our own machine ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("after", [0, 1, 2, 4, 6])
def test_39_the_disk_is_full_while_archiving(cage: Cage, tmp_path: Path, after: int) -> None:
    """No state of a source: the run fails, nothing is loaded, nothing half is left, and the next run reads all."""
    with Site({"/feed": Reply(GOOD)}) as site:
        record = feed("bad", site.url + "/feed")
        words = cage.fails(tmp_path, record, doing=Doing(full=after))
        archive = Archive(tmp_path / "home" / "archive")
        assert verify(archive).faults == [] and not list(tmp_path.rglob("*.part"))
        left = cage.run(tmp_path, record)["bad"]
    assert "cannot be written: No space left on device" in words and str(tmp_path) in words
    assert (left.state, len(left.texts)) == ("ok", 2)


def test_40_the_clock_is_set_back(cage: Cage, tmp_path: Path) -> None:
    """By a year, and then right again: nothing is lost, and the newest text is the one that came last."""
    seen = []
    with Site() as site:
        record = feed("bad", site.url + "/feed")
        for days, content in (
            (0, items(1)),
            (-365, items(2, 1, word="Changed")),
            (1, items(2, 1, word="Changed")),
        ):
            site.answers["/feed"] = Reply(content, headers={"etag": f'"{len(seen)}"'})
            seen.append(cage.run(tmp_path, record, doing=Doing(now=NOW + timedelta(days=days)))["bad"])
    assert [one.state for one in seen] == ["ok"] * 3
    assert [len(one.texts) for one in seen] == [1, 2, 2]
    assert [text.splitlines()[0] for text in seen[-1].texts] == ["Changed 1", "Changed 2"]


# ── 41 to 43: connections that break their word ──────────────────────────────────────────────────


@pytest.mark.parametrize("length", [b"ffff\r\n", b"zz\r\n", b"-5\r\n"])
def test_41_a_chunked_body_that_is_cut_off(cage: Cage, tmp_path: Path, length: bytes) -> None:
    def cut(handler: Handler, asked: Asked) -> None:
        handler.wfile.write(HEAD + b"transfer-encoding: chunked\r\n\r\n")
        handler.wfile.write(b"%x\r\n" % len(GOOD) + GOOD + b"\r\n" + length + b"<entry>")

    with Site({"/feed": cut}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
    assert (left.state, left.health, left.texts) == ("bad_content", "changed", ())
    assert "broken answer" in left.reason


def test_42_a_content_length_that_promises_more(cage: Cage, tmp_path: Path) -> None:
    def short(handler: Handler, asked: Asked) -> None:
        handler.wfile.write(
            HEAD + b"content-length: %d\r\nconnection: close\r\n\r\n" % (len(GOOD) + 50) + GOOD
        )

    with Site({"/feed": short}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
    assert (left.state, left.texts) == ("bad_content", ())


def test_42_a_content_length_that_promises_less(cage: Cage, tmp_path: Path) -> None:
    """What is sent is cut in the middle: the whole entries are taken, and the feed is named."""
    cut = Reply(GOOD, headers={"content-length": str(GOOD.rindex(b"<entry>") + 40), "connection": "close"})
    with Site({"/feed": cut}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
    assert left.state == "ok" and [text.splitlines()[0] for text in left.texts] == ["Talks 2"]
    assert any("ill-formed" in reason for reason in left.skipped)


@pytest.mark.parametrize("length", ["-1", "five", "10, 20"])
def test_42_a_content_length_that_is_no_number(cage: Cage, tmp_path: Path, length: str) -> None:
    with Site({"/feed": Reply(GOOD, headers={"content-length": length})}) as site:
        left = cage.run(tmp_path, feed("bad", site.url + "/feed"))["bad"]
    assert (left.state, left.texts) == ("bad_content", ())


@pytest.fixture(scope="module")
def authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    return certificate("authority", None, days=10)


Signed = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def certificate(name: str, by: Signed | None, days: int) -> Signed:
    """A certificate for *name* that ends in so many days, signed *by* an authority or by itself."""
    import ipaddress

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signer = (by[0].subject, by[1]) if by else (subject, key)
    peer = x509.IPAddress(ipaddress.ip_address("127.0.0.1")) if name == "peer" else x509.DNSName(name)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([peer]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    return builder.sign(signer, hashes.SHA256()), key


def pem(folder: Path, signed: Signed) -> Path:
    path = folder / f"{signed[0].serial_number}.pem"
    key = signed[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(signed[0].public_bytes(serialization.Encoding.PEM) + key)
    return path


@contextmanager
def secure(site: Site, chain: Path) -> Iterator[str]:
    """Put TLS before *site*; the address to ask."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    site._server.socket = context.wrap_socket(
        site._server.socket, server_side=True, do_handshake_on_connect=False
    )
    with site:
        yield site.url.replace("http:", "https:")


@pytest.mark.parametrize(
    ("name", "days", "state", "reason"),
    [
        ("peer", 5, "ok", ""),
        ("peer", -1, "unreachable", "certificate has expired"),
        ("other.test", 5, "unreachable", "IP address mismatch"),
    ],
    ids=["valid", "expired", "of another"],
)
def test_43_certificates(
    cage: Cage, tmp_path: Path, authority: Signed, name: str, days: int, state: str, reason: str
) -> None:
    """The authority is trusted here, so that it is the date, or the name, that counts."""
    trusted, chain = pem(tmp_path, authority), pem(tmp_path, certificate(name, authority, days))
    with secure(Site({"/feed": Reply(GOOD)}), chain) as url:
        left = cage.run(tmp_path, feed("bad", url + "/feed"), doing=Doing(trusted=str(trusted)))["bad"]
    assert (left.state, len(left.texts)) == (state, 2 if state == "ok" else 0)
    assert reason in left.reason


def test_43_a_certificate_that_nobody_signed(cage: Cage, tmp_path: Path) -> None:
    chain = pem(tmp_path, certificate("peer", None, 5))
    with secure(Site({"/feed": Reply(GOOD)}), chain) as url:
        left = cage.run(tmp_path, feed("bad", url + "/feed"))["bad"]
    assert (left.state, left.health) == ("unreachable", "blocked") and "self-signed" in left.reason
