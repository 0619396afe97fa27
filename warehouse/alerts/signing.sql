-- Documents were signed: one alert a ceremony, with what was signed.
-- key, thread, pair_id, event_id, revision_id, title, reason.
WITH paper AS (
    SELECT event_id, pair_id, count(*) AS documents, string_agg(_short(title), '; ' ORDER BY title) AS titles
    FROM agreements WHERE status <> 'planned' GROUP BY event_id, pair_id
)
SELECT e.event_id AS key, coalesce(e.parent_event_id, e.event_id) AS thread, e.pair_id, e.event_id, h.revision_id,
       e.title || coalesce(', ' || e.start_date, '') AS title,
       h.cited || CASE WHEN e.synthetic THEN ' (retold)' ELSE '' END
               || coalesce('. Documents (' || p.documents || '): ' || p.titles, '') AS reason
FROM events e JOIN _heard h ON h.event_id = e.event_id AND h.modality = 'asserted'
LEFT JOIN paper p ON p.event_id = e.event_id AND p.pair_id = e.pair_id, _retold
WHERE e.status IN ('confirmed', 'contested') AND list_contains($pairs, e.pair_id)
  AND ($level IS NULL OR e.level = $level)
  AND list_has_any(CASE WHEN len($kinds) = 0 THEN ['signing'] ELSE $kinds::VARCHAR[] END,
                   [e.kind, split_part(e.kind, '.', 1)])
  -- what has no day of publication is as old as the day that it tells of; without either it does not ring
  AND CASE WHEN e.synthetic THEN shown ELSE coalesce(h.published_at, CASE WHEN e.date_precision = 'day'
                                                 THEN (e.end_date + 1)::TIMESTAMP AT TIME ZONE 'UTC' END)
               >= $now::TIMESTAMPTZ - INTERVAL 48 HOUR END
ORDER BY e.start_date, key
