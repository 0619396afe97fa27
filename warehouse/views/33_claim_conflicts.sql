-- Figures for one series that differ by more than the tolerance of their metric.
-- pair_id, metric, measure, scope, period_start, period_end, event_id, low, high, spread, speakers, claims.
CREATE OR REPLACE VIEW claim_conflicts AS
-- One speaker does not contradict himself within one text: there two figures mean two things. A figure of a year is told
-- hundreds of times, so figures with a period are held against each other value by value, not telling by telling.
WITH dated AS (
    SELECT *, revision_id || ' ' || coalesce(speaker, '') AS voice
    FROM _figure WHERE NOT of_event AND period_start IS NOT NULL AND period_end IS NOT NULL
), value AS (
    SELECT pair_id, metric, measure, base_unit, scope, of_event, period_start, period_end, tolerance, value_base, low, high,
           count(DISTINCT voice) AS voices, min(voice) AS voice
    FROM dated GROUP BY ALL
), opposed AS (
    SELECT x.*, max(y.voices) > 1 OR min(y.voice) <> max(y.voice) AS by_several, min(y.voice) AS opponent
    FROM value x JOIN value y ON y.pair_id = x.pair_id AND y.metric = x.metric AND y.measure = x.measure
         AND y.base_unit = x.base_unit AND y.period_start = x.period_start AND y.period_end = x.period_end
    WHERE coalesce(x.scope = y.scope, true) AND NOT _agree(x, y)
    GROUP BY ALL
), odd AS (
    SELECT d.claim_id, d.pair_id, d.metric, d.measure, d.scope, d.base_unit, d.value_base, d.speaker, d.source_id, d.root,
           d.period_start AS since, d.period_end AS until, NULL AS contact
    FROM dated d JOIN opposed o ON o.pair_id = d.pair_id AND o.metric = d.metric AND o.measure = d.measure
         AND o.base_unit = d.base_unit AND o.period_start = d.period_start AND o.period_end = d.period_end
         AND o.value_base = d.value_base AND o.low = d.low AND o.high = d.high AND o.scope IS NOT DISTINCT FROM d.scope
    WHERE o.by_several OR o.opponent <> d.voice
    UNION ALL
    SELECT DISTINCT x.claim_id, x.pair_id, x.metric, x.measure, x.scope, x.base_unit, x.value_base, x.speaker, x.source_id, x.root,
           NULL, NULL, x.root
    FROM _figure x JOIN _figure y ON y.pair_id = x.pair_id AND y.metric = x.metric AND y.measure = x.measure
         AND y.base_unit = x.base_unit AND y.root = x.root AND y.claim_id <> x.claim_id
    WHERE (x.of_event OR x.period_start IS NULL OR y.period_start IS NULL) AND coalesce(x.scope = y.scope, true)
      AND NOT _agree(x, y) AND _same_series(x, y)
      AND (x.revision_id <> y.revision_id OR x.speaker IS DISTINCT FROM y.speaker)
), given AS (
    SELECT DISTINCT * FROM odd
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
