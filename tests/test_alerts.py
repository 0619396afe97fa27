"""Alerts: what a message shows, what a channel keeps and hides, and what becomes of a delivery."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest

from bilateral.alerts import deliver, dispatch, open_channel, render
from bilateral.alerts.dispatch import ATTEMPTS, IN_A_ROW
from bilateral.errors import DeliveryError
from bilateral.model import Alert, Outcome, Waiting
from warehouse import outbox
from warehouse.schema import setting

NOW = datetime(2025, 11, 26, 12, tzinfo=UTC)
REASON = "Состоялись российско-киргизские переговоры.\nhttp://kremlin.ru/events/president/news/1 (kremlin-ru, primary)"


def alert(alert_id: str = "n1", title: str = "Talks: KGZ and RUS, Bishkek", reason: str = REASON) -> Alert:
    return Alert(
        alert_id, "contact_held", "notify", f"k-{alert_id}", "e1", "KGZ-RUS", "e1", None, NOW, title, reason
    )


class Receiver:
    """A webhook that keeps what it is given; a request to /CODE is answered with that code."""

    def __init__(self) -> None:
        self.got: list[dict[str, object]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(json.loads(body))
                self.send_response(int(self.path.strip("/").split("/")[0] or 200))
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def url(self, path: str, user: str = "") -> str:
        return f"json://{user}127.0.0.1:{self.server.server_port}/{path}"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def test_a_message_says_what_who_where_why_and_its_id() -> None:
    message = render(alert())
    assert message.title == "Talks: KGZ and RUS, Bishkek"
    said = (
        *REASON.split("\n"),
        "rule contact_held",
        "for KGZ-RUS",
        "bilateral why e1",
        "Alert n1",
        "2025-11-26 12:00",
    )
    assert [part for part in said if part not in message.body] == []


def test_an_alert_about_a_source_names_no_event() -> None:
    about_source = Alert("n2", "source_blocked", "ops", "k", None, None, None, None, NOW, "Blocked", "403")
    assert "why" not in render(about_source).body and "None" not in render(about_source).body


def test_control_characters_and_turned_text_end_in_render() -> None:
    nasty = "Talks\r\nBcc: all@example.org\x1b[2J\x07 \u202eevil\u202c \ud800 \u2028end {{ 7 * 7 }}"
    message = render(alert(title=nasty, reason=nasty))
    assert message.title == "Talks Bcc: all@example.org[2J evil end {{ 7 * 7 }}"
    assert {c for c in message.body + message.facts["reason"] if c < " "} == {"\n"}
    assert not set("\x1b\u202e\u2028\ud800") & set(message.body)
    message.body.encode("utf-8")


def test_a_long_title_is_cut() -> None:
    title = render(alert(title="words " * 100)).title
    assert len(title) <= 200 and title.endswith("words…")
    assert len(render(alert(title="w" * 300)).title) == 200


# ── channels ────────────────────────────────────────────────────────────────────────────────────


def test_the_terminal_shows_markup_as_it_is(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    deliver(render(alert(title="[bold red]x[/] :smile: \x1b[31mred")), "screen", "terminal", tmp_path)
    out, err = capsys.readouterr()
    assert out == "" and "[notify] [bold red]x[/] :smile: [31mred\n" in err
    assert "\x1b" not in err


def test_the_file_takes_an_alert_once(tmp_path: Path) -> None:
    for name in ("n1", "n2", "n1"):
        deliver(render(alert(name)), "log", "file:deep/alerts.jsonl", tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "deep/alerts.jsonl").read_text("utf-8").splitlines()]
    assert [row["alert_id"] for row in rows] == ["n1", "n2"]
    assert rows[0]["reason"] == REASON and rows[0]["raised_at"] == "2025-11-26 12:00+00:00"


def test_a_line_that_a_kill_left_unfinished_is_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "alerts.jsonl"
    for name in ("n1", "n2"):
        deliver(render(alert(name)), "log", "file:alerts.jsonl", tmp_path)
    file.write_bytes(file.read_bytes()[:-20])
    for name in ("n1", "n2"):
        deliver(render(alert(name)), "log", "file:alerts.jsonl", tmp_path)
    assert [json.loads(line)["alert_id"] for line in file.read_text("utf-8").splitlines()] == ["n1", "n2"]


def test_what_somebody_else_wrote_into_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_text('note\n["n1"]\n{"alert_id": 7}\n', "utf-8")
    deliver(render(alert()), "log", "file:a", tmp_path)
    lines = (tmp_path / "a").read_text("utf-8").splitlines()
    assert lines[:3] == ["note", '["n1"]', '{"alert_id": 7}'] and json.loads(lines[3])["alert_id"] == "n1"


def test_a_file_that_cannot_be_written_is_a_delivery_error(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(DeliveryError, match=r"channel log: .*folder"):
        deliver(render(alert()), "log", "file:folder", tmp_path)


def test_a_service_gets_plain_text(receiver: Receiver, tmp_path: Path) -> None:
    reason = "<b>x</b> & *y* @everyone <!channel> [here](http://example.org) mail@example.org"
    deliver(render(alert(reason=reason)), "hook", receiver.url("200"), tmp_path)
    said = str(receiver.got[0]["message"])
    assert receiver.got[0]["title"] == "Talks: KGZ and RUS, Bishkek"
    assert said.replace("\u200b", "").startswith(reason)
    assert not any(part in said for part in ("@everyone", "<!channel", "](")) and "mail@example.org" in said


def test_a_service_that_takes_html_gets_it_escaped(receiver: Receiver, tmp_path: Path) -> None:
    deliver(render(alert(reason="<script>1</script>")), "hook", receiver.url("200?format=html"), tmp_path)
    assert "&lt;script&gt;" in str(receiver.got[0]["message"])


def test_the_address_comes_from_the_environment(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DeliveryError, match="channel hook: environment variable HOOK is not set"):
        open_channel("hook", "${HOOK}", tmp_path)
    monkeypatch.setenv("HOOK", receiver.url("200"))
    deliver(render(alert()), "hook", "${HOOK}", tmp_path)
    assert len(receiver.got) == 1


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """All that reaches the root logger, at any level."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(1)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    "url, why",
    [
        ("json://{to}/500/secret-path?+X-Key=secret-header", "the service answered 500"),
        ("json://secret-user:secret-word@127.0.0.1:9/x", "the service cannot be reached or refused"),
        ("secret-scheme://secret-word", "Apprise does not know this address, or it is incomplete"),
    ],
)
def test_no_part_of_an_address_shows_in_errors_logs_or_output(
    url: str,
    why: str,
    receiver: Receiver,
    tmp_path: Path,
    logged: list[str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    url = url.format(to=f"secret-user:secret-word@127.0.0.1:{receiver.server.server_port}")
    with pytest.raises(DeliveryError) as caught:
        deliver(render(alert()), "hook", url, tmp_path)
    assert caught.value.message == why
    logging.getLogger("apprise").warning("heard again")
    assert logged[-1] == "heard again"
    shown = [str(caught.value), repr(caught.value), repr(open_channel("hook", url, tmp_path))]
    assert "secret" not in " ".join([*shown, *logged, *capfd.readouterr()])


# ── the outbox emptied ──────────────────────────────────────────────────────────────────────────


def test_dispatch_tells_what_was_sent_and_what_waits(tmp_path: Path) -> None:
    due = [Waiting(alert("n1"), "log"), Waiting(alert("n1"), "gone", attempts=2), Waiting(alert("n2"), "log")]
    sent, failed, other = dispatch(due, {"log": "file:alerts.jsonl"}, tmp_path, NOW)
    assert sent == Outcome("n1", "log", "sent", 1, delivered_at=NOW)
    assert failed.error == "no such channel; there are log"
    assert (failed.state, failed.attempts, failed.next_try_at) == ("failed", 3, NOW + timedelta(minutes=20))
    assert other.state == "sent"


def test_the_waits_grow_and_end(tmp_path: Path) -> None:
    outcomes = [dispatch([Waiting(alert(), "gone", n)], {}, tmp_path, NOW)[0] for n in range(ATTEMPTS)]
    waits = [o.next_try_at - NOW for o in outcomes if o.next_try_at]
    assert waits == sorted(set(waits)) and len(waits) == ATTEMPTS - 1
    assert (outcomes[-1].state, outcomes[-1].next_try_at) == ("dead", None)


def test_a_channel_that_keeps_failing_is_left_alone(receiver: Receiver, tmp_path: Path) -> None:
    due = [Waiting(alert(f"n{n}"), channel) for n in range(5) for channel in ("hook", "log")]
    outcomes = dispatch(due, {"hook": receiver.url("500"), "log": "file:a"}, tmp_path, NOW)
    assert len(receiver.got) == IN_A_ROW
    assert [o.channel for o in outcomes if o.state == "failed"] == ["hook"] * IN_A_ROW
    assert [o.channel for o in outcomes if o.state == "sent"] == ["log"] * 5


def test_a_delivery_lost_before_it_was_written_down_is_not_doubled_in_the_file(tmp_path: Path) -> None:
    due = [Waiting(alert(f"n{n}"), "log") for n in range(3)]
    dispatch(due[:2], {"log": "file:a"}, tmp_path, NOW)  # and the process died here
    outcomes = dispatch(due, {"log": "file:a"}, tmp_path, NOW)
    assert [o.state for o in outcomes] == ["sent"] * 3
    assert len((tmp_path / "a").read_text("utf-8").splitlines()) == 3


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(tmp_path / "w.duckdb")) as con:
        con.execute("SET TimeZone = 'UTC'")
        migration = Path(outbox.__file__).parent / "migrations" / "0001_initial.sql"
        con.execute(migration.read_text("utf-8"))
        for one in (alert("n1"), alert("n2")):
            con.execute("INSERT INTO alert BY NAME SELECT unnest($a), 'run' AS run_id", {"a": vars(one)})
        con.execute(
            "INSERT INTO delivery BY NAME SELECT alert_id, 'log' AS channel, 'waiting' AS state, 0 AS attempts FROM alert"
        )
        yield con


def test_the_outbox_gives_what_is_due_and_keeps_what_became_of_it(con: duckdb.DuckDBPyConnection) -> None:
    assert outbox.waiting(con, NOW) == [Waiting(alert("n1"), "log"), Waiting(alert("n2"), "log")]
    later = NOW + timedelta(minutes=5)
    outbox.settle(
        con,
        [
            Outcome("n1", "log", "sent", 1, delivered_at=NOW),
            Outcome("n2", "log", "failed", 1, "no answer", next_try_at=later),
        ],
    )
    assert outbox.waiting(con, NOW) == []
    assert outbox.waiting(con, later) == [Waiting(alert("n2"), "log", attempts=1)]
    outbox.settle(con, [Outcome("n2", "log", "dead", 2, "no answer"), Outcome("n1", "log", "failed", 9)])
    assert outbox.waiting(con, later + timedelta(days=9)) == []
    rows = con.execute(
        "SELECT alert_id, state, attempts, last_error, delivered_at FROM delivery ORDER BY ALL"
    ).fetchall()
    assert rows == [("n1", "sent", 1, None, NOW), ("n2", "dead", 2, "no answer", None)]


def test_an_outcome_that_cannot_be_kept_leaves_the_others_waiting(con: duckdb.DuckDBPyConnection) -> None:
    wrong = Outcome("n2", "log", "sent", "many", delivered_at=NOW)  # type: ignore[arg-type]
    with pytest.raises(duckdb.Error):
        outbox.settle(con, [Outcome("n1", "log", "sent", 1, delivered_at=NOW), wrong])
    assert len(outbox.waiting(con, NOW)) == 2
    assert setting(con, "changes") is None


def test_what_became_of_it_is_counted_as_a_change_at_once(con: duckdb.DuckDBPyConnection) -> None:
    """A kill between the two would leave what is published as it was, for ever."""
    outbox.settle(con, [Outcome("n1", "log", "sent", 1, delivered_at=NOW)])
    assert setting(con, "changes") == "1"
