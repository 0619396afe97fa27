-- Every month of a pair from the first to the last that is known or, for watched pairs, was asked for: no contract.
-- pair_id, month, observed.
CREATE OR REPLACE VIEW _month AS
WITH known AS (
    SELECT pair_id, month FROM _happened
    UNION ALL
    SELECT o.pair_id, o.month FROM _observed o JOIN _watched USING (pair_id)
    UNION ALL
    SELECT w.pair_id, date_trunc('month', max(p.started_at AT TIME ZONE 'UTC'))::DATE
    FROM _watched w, poll p JOIN source s USING (source_id) WHERE s.network GROUP BY w.pair_id
), span AS (
    SELECT pair_id, unnest(generate_series(min(month), max(month), INTERVAL 1 MONTH))::DATE AS month FROM known GROUP BY pair_id
)
SELECT pair_id, month, coalesce(observed, 0) AS observed FROM span LEFT JOIN _observed USING (pair_id, month);

COMMENT ON VIEW _month IS 'Every month of a pair from the first to the last that is known or, for watched pairs, was asked for: no contract.';
COMMENT ON COLUMN _month.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN _month.month IS 'First day of the month.';
COMMENT ON COLUMN _month.observed IS 'Share of the days of the month on which sources of both sides could be read.';
