-- Events that primary sources of one side alone report, a day after they did; retold documents do not count.
-- event_id, pair_id, said_by, silent_side, since, other_side_readable.
CREATE OR REPLACE VIEW one_sided AS
-- The other side has a day of grace, counted to the last load: nobody is silent who has not had the time to speak. And it
-- is silent only where it could be read after that day.
WITH said AS (
    SELECT e.event_id, e.pair_id, min(c.side) AS said_by, min(coalesce(c.first_published_at, c.first_seen_at)) AS since,
           since + INTERVAL 24 HOUR AS due
    FROM events e JOIN coverage c USING (event_id)
    WHERE c.is_primary AND NOT c.synthetic AND c.side IN (e.pair_id[:3], e.pair_id[5:])
      AND e.status IN ('planned', 'confirmed', 'contested')
    GROUP BY e.event_id, e.pair_id
    HAVING count(DISTINCT c.side) = 1
), faced AS (
    SELECT *, CASE said_by WHEN pair_id[:3] THEN pair_id[5:] ELSE pair_id[:3] END AS silent_side FROM said
    WHERE due <= (SELECT max(value::TIMESTAMPTZ) FROM setting WHERE key = 'loaded_at')
), readable AS (
    SELECT s.country AS side, max(p.started_at) AS last_ok_at
    FROM poll p JOIN source s USING (source_id)
    WHERE s.network AND s.is_primary AND p.state IN ('ok', 'not_modified')
    GROUP BY s.country
)
SELECT f.event_id, f.pair_id, f.said_by, f.silent_side, f.since, coalesce(r.last_ok_at >= f.due, false) AS other_side_readable
FROM faced f LEFT JOIN readable r ON r.side = f.silent_side;

COMMENT ON VIEW one_sided IS 'Events that primary sources of one side alone report, a day after they did; retold documents do not count.';
COMMENT ON COLUMN one_sided.event_id IS 'The event.';
COMMENT ON COLUMN one_sided.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN one_sided.said_by IS 'The side that reports it.';
COMMENT ON COLUMN one_sided.silent_side IS 'The side that does not.';
COMMENT ON COLUMN one_sided.since IS 'First publication, else when first read.';
COMMENT ON COLUMN one_sided.other_side_readable IS 'Whether a source of the silent side could be read when a day had passed: silence, or only blindness.';
