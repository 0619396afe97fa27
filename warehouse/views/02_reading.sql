-- What was believed of each event at a moment, with what people had put in its place: no contract. NULL for ts: now.
-- The columns of _reading.
CREATE OR REPLACE MACRO _believed(ts) AS TABLE
SELECT v.event_id, v.version, v.recorded_at, _or(s.kind, v.kind) AS kind, _or(s.level, v.level) AS level,
       _or(s.mode, v.mode) AS mode, _or(s.status, v.status) AS status, v.states,
       coalesce(_first_day(s.start_date), v.start_date) AS start_date,
       coalesce(_precision(s.start_date), v.date_precision) AS date_precision,
       CASE WHEN s.end_date <> 'none' THEN _last_day(_first_day(s.end_date), _precision(s.end_date), NULL)
            ELSE _last_day(coalesce(_first_day(s.start_date), v.start_date),
                           coalesce(_precision(s.start_date), v.date_precision),
                           CASE WHEN s.end_date IS NULL AND v.end_date >= coalesce(_first_day(s.start_date), v.start_date)
                                THEN v.end_date END) END AS end_date,
       _or(s.place, v.place) AS place, _or(s.place_iso3, v.place_iso3) AS place_iso3, v.parent_event_id,
       _or(s.host_iso3, v.host_iso3) AS host_iso3, _or(s.initiator_iso3, v.initiator_iso3) AS initiator_iso3,
       _or(s.margins_of, v.margins_of) AS margins_of, _or(s.title, v.title) AS title, v.confidence
FROM (FROM event_version WHERE ts IS NULL OR recorded_at <= ts::TIMESTAMPTZ
      QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY version DESC) = 1) v
LEFT JOIN _said(ts) s USING (event_id)
WHERE v.merged_into IS NULL;

COMMENT ON MACRO TABLE _believed IS 'What was believed of each event at a moment, with what people had put in its place: no contract.';

-- What is believed of each event now; ids that were merged away are left out: no contract.
-- event_id, version, recorded_at, kind, level, mode, status, states, start_date, date_precision,
--   end_date, place, place_iso3, parent_event_id, host_iso3, initiator_iso3, margins_of, title,
--   confidence.
CREATE OR REPLACE VIEW _reading AS
SELECT event_id, version, recorded_at, kind, level, mode, status, states, start_date, date_precision, end_date,
       place, place_iso3, parent_event_id, host_iso3, initiator_iso3, margins_of, title, confidence
FROM _believed(NULL);

COMMENT ON VIEW _reading IS 'What is believed of each event now; ids that were merged away are left out: no contract.';
COMMENT ON COLUMN _reading.event_id IS 'The event.';
COMMENT ON COLUMN _reading.version IS 'Number of the reading.';
COMMENT ON COLUMN _reading.recorded_at IS 'When it was recorded.';
COMMENT ON COLUMN _reading.kind IS 'A code of code_kind.';
COMMENT ON COLUMN _reading.level IS 'Lowest level that both sides sent: head_of_state … official, state.';
COMMENT ON COLUMN _reading.mode IS 'in_person, phone, video or written.';
COMMENT ON COLUMN _reading.status IS 'planned, confirmed, contested, denied, cancelled or retracted.';
COMMENT ON COLUMN _reading.states IS 'The states, alpha-3, sorted.';
COMMENT ON COLUMN _reading.start_date IS 'First day.';
COMMENT ON COLUMN _reading.date_precision IS 'day, month, year or unknown: how exact start_date is.';
COMMENT ON COLUMN _reading.end_date IS 'Last day.';
COMMENT ON COLUMN _reading.place IS 'Where, as the text names it.';
COMMENT ON COLUMN _reading.place_iso3 IS 'The state in which the place lies.';
COMMENT ON COLUMN _reading.parent_event_id IS 'The visit or event that this one is a part of.';
COMMENT ON COLUMN _reading.host_iso3 IS 'The state on whose ground it is.';
COMMENT ON COLUMN _reading.initiator_iso3 IS 'The state that asked for it.';
COMMENT ON COLUMN _reading.margins_of IS 'The multilateral meeting on whose margins it is.';
COMMENT ON COLUMN _reading.title IS 'A short name in English.';
COMMENT ON COLUMN _reading.confidence IS 'Of the reading.';
