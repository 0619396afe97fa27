-- Figures for one series that differ by more than the tolerance of their metric.
-- pair_id, metric, measure, scope, period_start, period_end, event_id, low, high, spread, speakers, claims.
CREATE OR REPLACE VIEW claim_conflicts AS
-- One speaker does not contradict himself within one text: there two figures mean two things.
WITH odd AS (
    SELECT DISTINCT x.*, y.claim_id AS other_id,
           NOT x.of_event AND x.period_start IS NOT DISTINCT FROM y.period_start AS same_period,
           CASE WHEN same_period THEN x.period_start END AS since, CASE WHEN same_period THEN x.period_end END AS until
    FROM _series s JOIN _figure x ON x.claim_id = s.claim_id JOIN _figure y ON y.claim_id = s.other_id
    WHERE NOT s.agree AND (x.revision_id <> y.revision_id OR x.speaker IS DISTINCT FROM y.speaker)
), given AS (
    SELECT DISTINCT claim_id, pair_id, metric, measure, scope, base_unit, value_base, speaker, source_id, root, since, until,
           CASE WHEN since IS NULL THEN root END AS contact
    FROM odd
)
SELECT pair_id, metric, measure, min(scope) AS scope, since AS period_start, until AS period_end,
       CASE WHEN count(DISTINCT root) = 1 AND count(root) = count(*) THEN min(root) END AS event_id,
       min(value_base) AS low, max(value_base) AS high,
       ((max(value_base) - min(value_base)) / nullif(max(abs(value_base)), 0))::DOUBLE AS spread,
       count(DISTINCT coalesce(speaker, source_id)) AS speakers, count(*) AS claims
FROM given
GROUP BY pair_id, metric, measure, base_unit, since, until, contact;

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
