-- What is believed of each event now; ids that were merged away are left out: no contract.
-- event_id, version, recorded_at, kind, level, mode, status, states, start_date, date_precision,
--   end_date, place, place_iso3, parent_event_id, host_iso3, initiator_iso3, margins_of, title,
--   confidence.
CREATE OR REPLACE VIEW _reading AS
SELECT event_id, version, recorded_at, kind, level, mode, status, states, start_date, date_precision,
       _last_day(start_date, date_precision, end_date) AS end_date,
       place, place_iso3, parent_event_id, host_iso3, initiator_iso3, margins_of, title, confidence
FROM (FROM event_version QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY version DESC) = 1)
WHERE merged_into IS NULL;

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
