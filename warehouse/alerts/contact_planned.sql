-- A contact of the watched pairs is announced and has not taken place yet; parts of a visit do not ring.
-- key, thread, pair_id, event_id, revision_id, title, reason.
SELECT e.event_id AS key, e.event_id AS thread, e.pair_id, e.event_id, h.revision_id,
       'Planned: ' || e.title || coalesce(
           ', ' || left(e.start_date::VARCHAR, CASE e.date_precision WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END), ''
       ) AS title,
       h.cited || CASE WHEN e.synthetic THEN ' (retold)' ELSE '' END AS reason
FROM events e JOIN _heard h ON h.event_id = e.event_id AND h.modality = 'planned', _retold
WHERE e.is_contact AND e.status = 'planned' AND list_contains($pairs, e.pair_id)
  AND e.parent_event_id IS NULL
  AND ($level IS NULL OR e.level = $level)
  AND (len($kinds) = 0 OR list_has_any($kinds::VARCHAR[], [e.kind, split_part(e.kind, '.', 1)]))
  AND (e.start_date IS NULL OR e.end_date >= ($now::TIMESTAMPTZ AT TIME ZONE 'UTC')::DATE)
  AND CASE WHEN e.synthetic THEN shown ELSE h.told_at >= $now::TIMESTAMPTZ - INTERVAL 48 HOUR END
ORDER BY e.start_date, key
