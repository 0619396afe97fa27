-- Which visits there were, newest first: who was the host, and how many reports tell of it.
-- p=KGZ-RUS since=2019-01-01
SELECT start_date, end_date, kind, level, host_iso3 AS host, place, title, reports, synthetic AS retold, event_id
FROM contacts
WHERE pair_id = $p AND start_date >= $since::DATE AND split_part(kind, '.', 1) = 'visit'
ORDER BY start_date DESC, event_id
