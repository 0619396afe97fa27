-- A contact of the watched pairs has taken place; a visit rings once, its parts do not.
-- key, thread, pair_id, event_id, revision_id, title, reason.
SELECT coalesce(e.parent_event_id, e.event_id) AS key, key AS thread, e.pair_id, e.event_id, h.revision_id,
       e.title || coalesce(', ' || e.start_date, '')
               || CASE WHEN e.end_date > e.start_date THEN ' to ' || e.end_date ELSE '' END AS title,
       h.cited || CASE WHEN e.synthetic THEN ' (retold)' ELSE '' END AS reason
FROM contacts e JOIN _heard h ON h.event_id = e.event_id AND h.modality = 'asserted', _retold
WHERE list_contains($pairs, e.pair_id)
  AND ($level IS NULL OR e.level = $level)
  AND (len($kinds) = 0 OR list_has_any($kinds::VARCHAR[], [e.kind, split_part(e.kind, '.', 1)]))
  -- what has no day of publication is as old as the day that it tells of; without either it does not ring
  AND CASE WHEN e.synthetic THEN shown ELSE coalesce(h.published_at, CASE WHEN e.date_precision = 'day'
                                                 THEN (e.end_date + 1)::TIMESTAMP AT TIME ZONE 'UTC' END)
               >= $now::TIMESTAMPTZ - INTERVAL 48 HOUR END
ORDER BY e.start_date, key
