-- The events that trends count: real, dated at least to the month, parts of a visit within it; no contract.
-- event_id, pair_id, month, root, quad, score.
CREATE OR REPLACE VIEW _happened AS
SELECT event_id, pair_id, date_trunc('month', start_date)::DATE AS month, coalesce(parent_event_id, event_id) AS root, quad, score
FROM events, _retold
WHERE status IN ('confirmed', 'contested') AND date_precision IN ('day', 'month') AND (shown OR NOT synthetic);

COMMENT ON VIEW _happened IS 'The events that trends count: real, dated at least to the month, parts of a visit within it; no contract.';
COMMENT ON COLUMN _happened.event_id IS 'The event.';
COMMENT ON COLUMN _happened.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN _happened.month IS 'First day of the month.';
COMMENT ON COLUMN _happened.root IS 'The visit it is part of, else itself.';
COMMENT ON COLUMN _happened.quad IS 'Quad class of its kind.';
COMMENT ON COLUMN _happened.score IS 'Score of its kind.';
