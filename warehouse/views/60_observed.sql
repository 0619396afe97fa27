-- Share of the days of a month on which both sides of a pair could be read; months that nobody read are absent.
-- pair_id, month, observed.
CREATE OR REPLACE VIEW _observed AS
WITH seen AS (
    SELECT DISTINCT s.country AS side, (p.started_at AT TIME ZONE 'UTC')::DATE AS day
    FROM poll p JOIN source s USING (source_id)
    WHERE s.network AND s.country IS NOT NULL AND p.state IN ('ok', 'not_modified')
)
SELECT pair_id, month, days / day(last_day(month)) AS observed
FROM (SELECT a.side || '-' || b.side AS pair_id, date_trunc('month', a.day)::DATE AS month, count(*) AS days
      FROM seen a JOIN seen b ON b.day = a.day AND a.side < b.side
      GROUP BY ALL);

COMMENT ON VIEW _observed IS 'Share of the days of a month on which both sides of a pair could be read; months that nobody read are absent.';
COMMENT ON COLUMN _observed.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN _observed.month IS 'First day of the month.';
COMMENT ON COLUMN _observed.observed IS 'Share of the days of the month on which sources of both sides could be read.';
