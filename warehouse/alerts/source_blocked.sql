-- A source cannot be read: one alert an outage, and one for all where none can be reached.
-- key, thread, pair_id, event_id, revision_id, title, reason.
WITH asked AS (
    SELECT p.source_id, arg_max(p.state, (p.started_at, p.poll_id)) AS state,
           arg_max(p.reason, (p.started_at, p.poll_id)) AS reason,
           max(p.started_at) FILTER (p.state IN ('ok', 'not_modified')) AS last_ok
    FROM poll p JOIN source s USING (source_id)
    WHERE s.network AND s.enabled
    GROUP BY p.source_id
), down AS (
    SELECT a.source_id, any_value(a.state) AS state, any_value(a.reason) AS reason, min(p.started_at) AS since
    FROM asked a JOIN poll p ON p.source_id = a.source_id AND (a.last_ok IS NULL OR p.started_at > a.last_ok)
    WHERE a.state NOT IN ('ok', 'not_modified')
    GROUP BY a.source_id
), whole AS (
    -- the last source that fell dates the outage of all: it stays the same while the outage lasts
    SELECT max(since) AS since, count(*) AS sources FROM down
    HAVING count(*) > 1 AND count(*) = (SELECT count(*) FROM asked) AND bool_and(state = 'unreachable')
), fallen AS (
    SELECT 'network' AS who, since, 'No source can be reached' AS title,
           'All ' || sources || ' network sources are unreachable' AS reason
    FROM whole
    UNION ALL
    SELECT source_id, since, 'Source cannot be read: ' || source_id || ' (' || state || ')', reason
    FROM down WHERE NOT EXISTS (FROM whole)
)
SELECT who || '|' || strftime(since AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') AS key, 'source|' || who AS thread,
       NULL::VARCHAR AS pair_id, NULL::VARCHAR AS event_id, NULL::VARCHAR AS revision_id, title, reason
FROM fallen
ORDER BY key
