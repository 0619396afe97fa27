-- Which side published first about each event, and how many minutes before the other.
-- p=KGZ-RUS since=2019-01-01
WITH said AS (
    -- retellings stand for the pages that they retell only as long as there is nothing else
    SELECT c.event_id, c.side, min(c.first_published_at) AS said_at, bool_and(c.synthetic) AS retold
    FROM coverage c, _retold
    WHERE c.side IN ($p[:3], $p[5:]) AND (c.is_primary OR (c.synthetic AND shown))
    GROUP BY c.event_id, c.side
)
SELECT e.start_date, e.kind, e.title, arg_min(s.side, s.said_at) AS first_side, min(s.said_at) AS first_at,
       CASE WHEN count(s.said_at) = 2 THEN date_diff('minute', min(s.said_at), max(s.said_at)) END AS minutes_before,
       bool_and(s.retold) AS retold, e.event_id
FROM events e JOIN said s USING (event_id)
WHERE e.pair_id = $p AND e.start_date >= $since::DATE
GROUP BY e.event_id, e.start_date, e.kind, e.title
HAVING first_at IS NOT NULL
ORDER BY e.start_date DESC, first_at, e.event_id
