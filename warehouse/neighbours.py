"""An event with what lies around it, as linking saw it: to explain what was decided."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bilateral.model import Linkable
from warehouse.answers import redirects
from warehouse.candidates import near
from warehouse.reading import Limits, QuestionError, reading

AROUND = timedelta(days=7)  # how far off a neighbour is still worth a word


def neighbours(db: Path, asked: str, *, limits: Limits | None = None) -> tuple[str, list[Linkable]]:
    """Return the id of the event that *asked*, an event or a report, means, and all that linking saw around it.

    QuestionError: *db* knows no such event.
    """
    with reading(db, limits or Limits()) as con:
        event_id = redirects(con).get(asked, asked)
        sql = """SELECT r.event_id, r.states, coalesce(r.start_date, c.published_at::DATE) AS since,
                        coalesce(_last_day(r.start_date, r.date_precision, r.end_date), since) AS until
                 FROM report r JOIN _current c USING (revision_id)
                 WHERE r.event_id = $1 OR (r.report_id = $1 AND r.event_id IS NOT NULL)"""
        found = con.execute(sql, [event_id]).fetchall()
        if not found:
            raise QuestionError(f"{asked}: no event has this id, and no report of one")
        asked_for = [(tuple(s), a and a - AROUND, b and b + AROUND) for _, s, a, b in found]
        return found[0][0], near(con, asked_for)
