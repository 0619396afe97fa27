"""Bodies as plain bytes: unpacked while they come, and never further than the cap."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, br, zstd"  # what a site may pack with
_WINDOW = 23  # 2**23 bytes: a frame of the web may not ask for more memory (RFC 9659)
_STEP = 65_536

More = Callable[[bytes, int], bytes]  # packed bytes, at most so many plain ones → plain ones
Ended = Callable[[], bool]


class PackedError(ValueError):
    """The body is not packed as it says, or is cut off."""


class LargeError(ValueError):
    """The body is over the cap."""


def unpacked(parts: Iterable[bytes], coding: str, cap: int) -> bytes:
    """Join *parts*, packed with *coding*, to at most *cap* bytes, counted before and after unpacking.

    Raises PackedError or LargeError; what lies behind the packed body is left.
    """
    plain = coding in ("", "identity")
    more, ended = _codec(coding)
    body, received = bytearray(), 0
    for part in parts:
        received += len(part)
        if received > cap:
            raise LargeError(f"more than {cap:,} bytes")
        try:
            body += more(part, cap + 1 - len(body))
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise PackedError(f"no {coding}, although it says so: {error}") from error
        if len(body) > cap:
            raise LargeError(f"more than {cap:,} bytes when unpacked")
        if ended():
            break
    if not plain and received and not ended():
        raise PackedError("the compressed body is cut off")
    return bytes(body)


def _codec(coding: str) -> tuple[More, Ended]:
    if coding in ("", "identity"):
        return lambda part, most: part, lambda: False
    if coding in ("gzip", "x-gzip"):
        gzip = zlib.decompressobj(31)
        return gzip.decompress, lambda: gzip.eof
    if coding == "br":
        return _brotli()
    if coding == "zstd":
        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW}
        frame = zstd.ZstdDecompressor(options=options)
        return frame.decompress, lambda: frame.eof
    raise PackedError(f"content-encoding {coding!r}, only {ACCEPTED} were asked for")


def _brotli() -> tuple[More, Ended]:
    stream = brotli.Decompressor()

    def more(part: bytes, most: int) -> bytes:
        plain = bytearray()
        piece = stream.process(part, output_buffer_limit=_STEP)
        while piece:  # the rest of what it holds comes when it is asked with nothing
            plain += piece
            piece = stream.process(b"", output_buffer_limit=_STEP) if len(plain) < most else b""
        return bytes(plain)

    return more, stream.is_finished
