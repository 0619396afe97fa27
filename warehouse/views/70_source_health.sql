-- How each source does: they published nothing and we could not read are different states.
-- source_id, state, last_ok_at, last_new_at, days_silent, expected_days, last_reason, skipped, first_skipped.
CREATE OR REPLACE VIEW source_health AS
WITH polled AS (
    SELECT source_id, arg_max(state, (started_at, poll_id)) AS last_state, arg_max(reason, (started_at, poll_id)) AS last_reason,
           arg_max(pages, (started_at, poll_id)) AS pages, 
           arg_max([s FOR s IN skipped IF NOT starts_with(s.reason, 'warning:')], (started_at, poll_id)) AS skipped,
           max(finished_at) FILTER (state IN ('ok', 'not_modified')) AS last_ok_at
    FROM poll GROUP BY source_id
), brought AS (
    SELECT polled_as AS source_id, max(first_seen_at) AS last_new_at FROM article GROUP BY polled_as
), recent AS (
    SELECT s.source_id, count(*) AS articles
    FROM source s JOIN polled p USING (source_id) JOIN _current c ON c.polled_as = s.source_id
    WHERE coalesce(c.published_at, c.first_seen_at) > p.last_ok_at - s.expected_days * INTERVAL 1 DAY
    GROUP BY s.source_id
)
SELECT s.source_id,
       CASE WHEN p.source_id IS NULL THEN 'never'
            WHEN p.last_state = 'bad_content' THEN 'changed'
            WHEN p.last_state NOT IN ('ok', 'not_modified') THEN 'blocked'
            WHEN len(p.skipped) > 0 AND p.pages = 0 THEN 'blind'
            WHEN coalesce(r.articles, 0) < s.expected_items THEN 'silent'
            ELSE 'ok' END AS state,
       p.last_ok_at, b.last_new_at,
       CASE WHEN p.last_ok_at < b.last_new_at THEN 0 ELSE date_diff('minute', b.last_new_at, p.last_ok_at) / 1440 END AS days_silent,
       s.expected_days, p.last_reason,
       len(p.skipped) AS skipped, p.skipped[1].item || ': ' || p.skipped[1].reason AS first_skipped
FROM source s
LEFT JOIN polled p USING (source_id) LEFT JOIN brought b USING (source_id) LEFT JOIN recent r USING (source_id)
WHERE s.enabled;

COMMENT ON VIEW source_health IS 'How each source does: they published nothing and we could not read are different states.';
COMMENT ON COLUMN source_health.source_id IS 'The source.';
COMMENT ON COLUMN source_health.state IS 'ok, silent (less than its rhythm), blocked (cannot be read), blind (read, but its pages are not understood), changed (another form), never (not read yet).';
COMMENT ON COLUMN source_health.last_ok_at IS 'Last time it could be read.';
COMMENT ON COLUMN source_health.last_new_at IS 'When its newest document was first read.';
COMMENT ON COLUMN source_health.days_silent IS 'Days from last_new_at to last_ok_at: silence that was really heard.';
COMMENT ON COLUMN source_health.expected_days IS 'Within how many days something is expected.';
COMMENT ON COLUMN source_health.last_reason IS 'Why the last poll failed; empty when it did not.';
COMMENT ON COLUMN source_health.skipped IS 'Documents that the last poll brought and that could not be read.';
COMMENT ON COLUMN source_health.first_skipped IS 'The first of them, with the reason.';
