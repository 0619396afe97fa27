-- Events with a gap in their versions, an unknown parent or target, or alive without any report.
-- event_id, wrong.
SELECT event_id, 'versions are not 1 to ' || count(*) AS wrong
FROM event_version GROUP BY event_id HAVING max(version) <> count(*) OR min(version) <> 1
UNION ALL
SELECT event_id, 'merged into ' || merged_into || ', which is not there'
FROM event_version WHERE merged_into IS NOT NULL AND merged_into NOT IN (SELECT event_id FROM event_version)
UNION ALL
SELECT event_id, 'part of ' || parent_event_id || ', which is not there'
FROM _reading WHERE status <> 'retracted' AND parent_event_id NOT IN (SELECT event_id FROM _reading)
UNION ALL
SELECT event_id, 'no report in any newest text'
FROM _reading
WHERE status <> 'retracted' AND event_id NOT IN (SELECT event_id FROM event_reports WHERE event_id IS NOT NULL)
