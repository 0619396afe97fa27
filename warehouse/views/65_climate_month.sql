-- Cooperation and conflict by month: four counts beside the mean score, never one number alone.
-- pair_id, month, events, verbal_coop, material_coop, verbal_conflict, material_conflict, mean_score,
--   observed.
CREATE OR REPLACE VIEW climate_month AS
WITH counted AS (
    SELECT pair_id, month, count(*) AS events, count(*) FILTER (quad = 1) AS verbal_coop,
           count(*) FILTER (quad = 2) AS material_coop, count(*) FILTER (quad = 3) AS verbal_conflict,
           count(*) FILTER (quad = 4) AS material_conflict, avg(score) AS mean_score
    FROM _happened h
    WHERE event_id = root OR NOT EXISTS (FROM _happened v WHERE v.event_id = h.root AND v.pair_id = h.pair_id)
    GROUP BY pair_id, month
)
SELECT m.pair_id, m.month, coalesce(c.events, nothing.n) AS events, coalesce(c.verbal_coop, nothing.n) AS verbal_coop,
       coalesce(c.material_coop, nothing.n) AS material_coop, coalesce(c.verbal_conflict, nothing.n) AS verbal_conflict,
       coalesce(c.material_conflict, nothing.n) AS material_conflict, c.mean_score, m.observed
FROM (SELECT *, CASE WHEN observed > 0 THEN 0 END AS n FROM _month) nothing
JOIN _month m USING (pair_id, month)
LEFT JOIN counted c USING (pair_id, month);

COMMENT ON VIEW climate_month IS 'Cooperation and conflict by month: four counts beside the mean score, never one number alone.';
COMMENT ON COLUMN climate_month.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN climate_month.month IS 'First day of the month.';
COMMENT ON COLUMN climate_month.events IS 'Events, a visit with its parts once; NULL: nobody read that month and nothing is known of it.';
COMMENT ON COLUMN climate_month.verbal_coop IS 'Quad class 1.';
COMMENT ON COLUMN climate_month.material_coop IS 'Quad class 2.';
COMMENT ON COLUMN climate_month.verbal_conflict IS 'Quad class 3.';
COMMENT ON COLUMN climate_month.material_conflict IS 'Quad class 4.';
COMMENT ON COLUMN climate_month.mean_score IS 'Mean of the scores of their kinds; NULL without events.';
COMMENT ON COLUMN climate_month.observed IS 'Share of the days of the month on which sources of both sides could be read.';
