-- First publication of an event by primary sources of each side, and the minutes between.
-- event_id, first_a_at, first_b_at, minutes_b_after_a, pair_id.
CREATE OR REPLACE VIEW lags AS
SELECT e.event_id, min(c.first_published_at) FILTER (c.side = e.pair_id[:3]) AS first_a_at,
       min(c.first_published_at) FILTER (c.side = e.pair_id[5:]) AS first_b_at,
       date_diff('minute', first_a_at, first_b_at) AS minutes_b_after_a, e.pair_id
FROM events e JOIN coverage c USING (event_id)
WHERE c.is_primary AND NOT c.synthetic AND c.side IN (e.pair_id[:3], e.pair_id[5:]) AND c.first_published_at IS NOT NULL
GROUP BY e.event_id, e.pair_id;

COMMENT ON VIEW lags IS 'First publication of an event by primary sources of each side, and the minutes between.';
COMMENT ON COLUMN lags.event_id IS 'The event.';
COMMENT ON COLUMN lags.first_a_at IS 'First publication by the first state of the pair; NULL: none.';
COMMENT ON COLUMN lags.first_b_at IS 'By the second state.';
COMMENT ON COLUMN lags.minutes_b_after_a IS 'Negative when the second state was first; NULL unless both spoke.';
COMMENT ON COLUMN lags.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
