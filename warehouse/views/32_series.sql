-- Whether two figures, rows of _figure of one pair, metric, measure and base unit, can be of one series: no contract.
-- Figures without a period are only compared where they were named at one contact.
CREATE OR REPLACE MACRO _comparable(x, y) AS
    coalesce(x.scope = y.scope, true)
    AND CASE WHEN x.of_event THEN x.root = y.root
             WHEN x.period_start IS NOT NULL AND y.period_start IS NOT NULL
             THEN x.period_start = y.period_start AND x.period_end = y.period_end
             ELSE x.root = y.root END;

COMMENT ON MACRO _comparable IS 'Whether two figures of one metric can be of one series: no contract.';

-- Whether two figures of one series can both be true within the tolerance of their metric: no contract.
CREATE OR REPLACE MACRO _agree(x, y) AS
    greatest(x.low, y.low) - least(x.high, y.high)
        <= (x.tolerance + 1e-9) * greatest(abs(x.value_base), abs(y.value_base));

COMMENT ON MACRO _agree IS 'Whether two figures of one series can both be true within the tolerance of their metric: no contract.';

-- Whether two figures that do not agree are of one series all the same: no contract. A flow or an aim without a period
-- may mean the period of the other where they agree; where they do not, it means another.
CREATE OR REPLACE MACRO _same_series(x, y) AS
    x.of_event OR x.period_start IS NOT DISTINCT FROM y.period_start
    OR (x.measure <> 'target' AND (x.measure = 'stock' OR x.base_unit = 'count'));

COMMENT ON MACRO _same_series IS 'Whether two figures that do not agree are of one series all the same: no contract.';

-- Two figures of one series each, both ways round, and whether they agree: no contract.
-- claim_id, other_id, agree.
CREATE OR REPLACE VIEW _series AS
SELECT x.claim_id, y.claim_id AS other_id, _agree(x, y) AS agree
FROM _figure x
JOIN _figure y ON y.pair_id = x.pair_id AND y.metric = x.metric AND y.measure = x.measure AND y.base_unit = x.base_unit
     AND y.claim_id <> x.claim_id
WHERE _comparable(x, y) AND (_same_series(x, y) OR _agree(x, y));

COMMENT ON VIEW _series IS 'Two figures of one series each, both ways round, and whether they agree: no contract.';
COMMENT ON COLUMN _series.claim_id IS 'The claim.';
COMMENT ON COLUMN _series.other_id IS 'Another claim of the same pair, metric, measure and period.';
COMMENT ON COLUMN _series.agree IS 'Whether what the two say can both be, within the tolerance of the metric.';
