-- One row per event and pair of its states: what happened between two states, as it is believed now.
-- event_id, pair_id, watched, kind, level, mode, status, start_date, end_date, date_precision, place,
--   place_iso3, title, parent_event_id, host_iso3, initiator_iso3, margins_of, states, plover_event,
--   plover_mode, cameo, quad, score, is_contact, is_hostile, reports, confidence, synthetic.
CREATE OR REPLACE VIEW events AS
WITH told AS (
    SELECT r.event_id, count(*) AS reports, bool_and(c.synthetic) AS synthetic
    FROM report r JOIN _current c USING (revision_id)
    WHERE r.event_id IS NOT NULL
    GROUP BY r.event_id
), paired AS (
    SELECT *, unnest(flatten([[a || '-' || b for b in states if a < b] for a in states])) AS pair_id FROM _reading
)
SELECT e.event_id, e.pair_id, e.pair_id IN (FROM _watched) AS watched, e.kind, e.level, e.mode, e.status,
       e.start_date, e.end_date, e.date_precision, e.place, e.place_iso3, e.title,
       e.parent_event_id, e.host_iso3, e.initiator_iso3, e.margins_of, e.states,
       k.plover_event, k.plover_mode, k.cameo, k.quad, k.score,
       coalesce(k.contact, false) AS is_contact, coalesce(k.hostile, false) AS is_hostile,
       coalesce(t.reports, 0) AS reports, e.confidence, coalesce(t.synthetic, false) AS synthetic
FROM paired e
LEFT JOIN code_kind k ON k.code = e.kind
LEFT JOIN told t ON t.event_id = e.event_id;

COMMENT ON VIEW events IS 'One row per event and pair of its states: what happened between two states, as it is believed now.';
COMMENT ON COLUMN events.event_id IS 'The event.';
COMMENT ON COLUMN events.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN events.watched IS 'Whether the pair is one of the configured pairs.';
COMMENT ON COLUMN events.kind IS 'A code of code_kind.';
COMMENT ON COLUMN events.level IS 'Lowest level that both sides sent: head_of_state … official, state.';
COMMENT ON COLUMN events.mode IS 'in_person, phone, video or written.';
COMMENT ON COLUMN events.status IS 'planned, confirmed, contested, denied, cancelled or retracted.';
COMMENT ON COLUMN events.start_date IS 'First day; the first of the month or year where no more is known.';
COMMENT ON COLUMN events.end_date IS 'Last day; as start_date for an event of one day.';
COMMENT ON COLUMN events.date_precision IS 'day, month, year or unknown: how exact start_date is.';
COMMENT ON COLUMN events.place IS 'Where, as the text names it.';
COMMENT ON COLUMN events.place_iso3 IS 'The state in which the place lies.';
COMMENT ON COLUMN events.title IS 'A short name in English.';
COMMENT ON COLUMN events.parent_event_id IS 'The visit or event that this one is a part of.';
COMMENT ON COLUMN events.host_iso3 IS 'The state on whose ground it is.';
COMMENT ON COLUMN events.initiator_iso3 IS 'The state that asked for it.';
COMMENT ON COLUMN events.margins_of IS 'The multilateral meeting on whose margins it is.';
COMMENT ON COLUMN events.states IS 'The states, alpha-3, sorted.';
COMMENT ON COLUMN events.plover_event IS 'Event code of PLOVER.';
COMMENT ON COLUMN events.plover_mode IS 'Mode of PLOVER.';
COMMENT ON COLUMN events.cameo IS 'Code of CAMEO.';
COMMENT ON COLUMN events.quad IS '1 verbal, 2 material cooperation; 3 verbal, 4 material conflict.';
COMMENT ON COLUMN events.score IS 'Goldstein-like score of the kind: a column, never the headline.';
COMMENT ON COLUMN events.is_contact IS 'Whether people of both sides met or spoke.';
COMMENT ON COLUMN events.is_hostile IS 'Whether one side acts against the other.';
COMMENT ON COLUMN events.reports IS 'Reports in the newest revisions of their articles.';
COMMENT ON COLUMN events.confidence IS 'Of the reading, 0 to 1.';
COMMENT ON COLUMN events.synthetic IS 'True when it rests on retold (demonstration) documents alone.';
