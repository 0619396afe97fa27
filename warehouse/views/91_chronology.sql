-- What happened between two states, in order: chronology('KGZ-RUS', '2025-01-01', '2025-12-31').
-- start_date, end_date, kind, level, status, title, place, parent_event_id, event_id, synthetic; NULL for since or until: without that end.
CREATE OR REPLACE MACRO chronology(p, since, until) AS TABLE
SELECT start_date, end_date, kind, level, status, title, place, parent_event_id, event_id, synthetic
FROM events
WHERE pair_id = p AND end_date >= coalesce(since::DATE, DATE '0001-01-01') AND start_date <= coalesce(until::DATE, DATE '9999-12-31')
ORDER BY start_date, parent_event_id IS NOT NULL, end_date DESC, title, event_id;

COMMENT ON MACRO TABLE chronology IS 'What happened between two states, in order: chronology(''KGZ-RUS'', ''2025-01-01'', ''2025-12-31'').';
