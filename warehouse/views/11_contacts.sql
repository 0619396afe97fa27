-- One row per real contact of two states: one visit is one contact, its parts are not counted again.
-- event_id, pair_id, watched, kind, level, mode, status, start_date, end_date, date_precision, place,
--   place_iso3, title, parent_event_id, host_iso3, initiator_iso3, margins_of, states, plover_event,
--   plover_mode, cameo, quad, score, is_contact, is_hostile, reports, confidence, synthetic.
CREATE OR REPLACE VIEW contacts AS
-- Where the visit itself was not confirmed, the first of its confirmed parts stands for it.
WITH met AS (FROM events WHERE is_contact AND status IN ('confirmed', 'contested')),
rooted AS (
    SELECT m.*, coalesce(v.event_id, m.event_id) AS root
    FROM met m
    LEFT JOIN events v ON v.event_id = m.parent_event_id AND v.pair_id = m.pair_id AND v.is_contact
         AND v.status NOT IN ('denied', 'cancelled', 'retracted')
)
SELECT * EXCLUDE (root) FROM rooted
QUALIFY row_number() OVER (PARTITION BY pair_id, root ORDER BY event_id <> root, start_date, event_id) = 1;

COMMENT ON VIEW contacts IS 'One row per real contact of two states: one visit is one contact, its parts are not counted again.';
COMMENT ON COLUMN contacts.event_id IS 'The event.';
COMMENT ON COLUMN contacts.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN contacts.watched IS 'Whether the pair is one of the configured pairs.';
COMMENT ON COLUMN contacts.kind IS 'A code of code_kind.';
COMMENT ON COLUMN contacts.level IS 'Lowest level that both sides sent: head_of_state … official, state.';
COMMENT ON COLUMN contacts.mode IS 'in_person, phone, video or written.';
COMMENT ON COLUMN contacts.status IS 'planned, confirmed, contested, denied, cancelled or retracted.';
COMMENT ON COLUMN contacts.start_date IS 'First day; the first of the month or year where no more is known.';
COMMENT ON COLUMN contacts.end_date IS 'Last day; as start_date for an event of one day.';
COMMENT ON COLUMN contacts.date_precision IS 'day, month, year or unknown: how exact start_date is.';
COMMENT ON COLUMN contacts.place IS 'Where, as the text names it.';
COMMENT ON COLUMN contacts.place_iso3 IS 'The state in which the place lies.';
COMMENT ON COLUMN contacts.title IS 'A short name in English.';
COMMENT ON COLUMN contacts.parent_event_id IS 'The visit or event that this one is a part of.';
COMMENT ON COLUMN contacts.host_iso3 IS 'The state on whose ground it is.';
COMMENT ON COLUMN contacts.initiator_iso3 IS 'The state that asked for it.';
COMMENT ON COLUMN contacts.margins_of IS 'The multilateral meeting on whose margins it is.';
COMMENT ON COLUMN contacts.states IS 'The states, alpha-3, sorted.';
COMMENT ON COLUMN contacts.plover_event IS 'Event code of PLOVER.';
COMMENT ON COLUMN contacts.plover_mode IS 'Mode of PLOVER.';
COMMENT ON COLUMN contacts.cameo IS 'Code of CAMEO.';
COMMENT ON COLUMN contacts.quad IS '1 verbal, 2 material cooperation; 3 verbal, 4 material conflict.';
COMMENT ON COLUMN contacts.score IS 'Goldstein-like score of the kind: a column, never the headline.';
COMMENT ON COLUMN contacts.is_contact IS 'Whether people of both sides met or spoke.';
COMMENT ON COLUMN contacts.is_hostile IS 'Whether one side acts against the other.';
COMMENT ON COLUMN contacts.reports IS 'Reports in the newest revisions of their articles.';
COMMENT ON COLUMN contacts.confidence IS 'Of the reading, 0 to 1.';
COMMENT ON COLUMN contacts.synthetic IS 'True when it rests on retold (demonstration) documents alone.';
