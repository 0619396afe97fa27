-- Figures for one series that differ by more than the tolerance of their metric.
-- pair_id, metric, measure, scope, period_start, period_end, event_id, low, high, spread, speakers, claims.
CREATE OR REPLACE VIEW claim_conflicts AS
-- "more than" and "less than" agree with what they contain: only "=" and "~" are compared.
SELECT c.pair_id, c.metric, c.measure, c.scope, c.period_start, c.period_end,
       CASE WHEN count(DISTINCT c.event_id) = 1 THEN min(c.event_id) END AS event_id,
       min(c.value_base) AS low, max(c.value_base) AS high,
       ((max(c.value_base) - min(c.value_base)) / nullif(max(abs(c.value_base)), 0))::DOUBLE AS spread,
       count(DISTINCT coalesce(c.speaker, c.source_id)) AS speakers, count(*) AS claims
FROM claims c LEFT JOIN code_metric m ON m.code = c.metric
WHERE c.pair_id IS NOT NULL AND c.comparator IN ('=', '~') AND c.period_start IS NOT NULL
GROUP BY c.pair_id, c.metric, c.measure, c.scope, c.period_start, c.period_end, c.base_period, c.base_unit, m.tolerance
HAVING spread > coalesce(m.tolerance, 0);

COMMENT ON VIEW claim_conflicts IS 'Figures for one series that differ by more than the tolerance of their metric.';
COMMENT ON COLUMN claim_conflicts.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN claim_conflicts.metric IS 'A code of code_metric.';
COMMENT ON COLUMN claim_conflicts.measure IS 'level, growth, multiple, share, stock or target.';
COMMENT ON COLUMN claim_conflicts.scope IS 'KGZ+RUS, RUS in KGZ …';
COMMENT ON COLUMN claim_conflicts.period_start IS 'First day that the figures are about.';
COMMENT ON COLUMN claim_conflicts.period_end IS 'Last day.';
COMMENT ON COLUMN claim_conflicts.event_id IS 'The event, where all are said at one.';
COMMENT ON COLUMN claim_conflicts.low IS 'Least value, in the base unit.';
COMMENT ON COLUMN claim_conflicts.high IS 'Greatest value.';
COMMENT ON COLUMN claim_conflicts.spread IS '(high - low) / high.';
COMMENT ON COLUMN claim_conflicts.speakers IS 'Number of different speakers and publishers.';
COMMENT ON COLUMN claim_conflicts.claims IS 'Number of claims.';
