-- What was believed at a moment: events_asof('2026-01-01 12:00+00'), one row an event.
-- event_id, version, recorded_at, kind, level, mode, status, start_date, end_date, date_precision, place, title, parent_event_id, states …
CREATE OR REPLACE MACRO events_asof(ts) AS TABLE
SELECT event_id, version, recorded_at, kind, level, mode, status, start_date, end_date, date_precision, place, place_iso3,
       title, parent_event_id, host_iso3, initiator_iso3, margins_of, states, confidence
FROM _believed(ts)
ORDER BY start_date, event_id;

COMMENT ON MACRO TABLE events_asof IS 'What was believed at a moment: events_asof(''2026-01-01 12:00+00''), one row an event.';
