-- A contact of the watched pairs is announced and has not taken place yet; parts of a visit do not ring.
-- key, thread, pair_id, event_id, revision_id, title, reason.
WITH said AS (
    SELECT event_id, min(told_at) AS told_at,
           arg_min({'revision_id': revision_id, 'span_start': span_start, 'span_end': span_end,
                    'source_id': source_id, 'url': url},
                   (NOT is_primary, told_at, revision_id, span_start)) AS best
    FROM _saying WHERE modality = 'planned'
    GROUP BY event_id
)
SELECT e.event_id AS key, e.event_id AS thread, e.pair_id, e.event_id, s.best.revision_id AS revision_id,
       'Planned: ' || e.title || coalesce(
           ', ' || left(e.start_date::VARCHAR, CASE e.date_precision WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END), ''
       ) AS title,
       _cite(v.text, s.best.span_start, s.best.span_end, s.best.source_id, s.best.url)
           || CASE WHEN e.synthetic THEN ' (retold)' ELSE '' END AS reason
FROM events e JOIN said s USING (event_id)
JOIN revision v ON v.revision_id = s.best.revision_id, _retold
WHERE e.is_contact AND e.status = 'planned' AND list_contains($pairs, e.pair_id)
  AND e.parent_event_id IS NULL
  AND ($level IS NULL OR e.level = $level)
  AND (len($kinds) = 0 OR list_has_any($kinds::VARCHAR[], [e.kind, split_part(e.kind, '.', 1)]))
  AND (e.start_date IS NULL OR e.end_date >= ($now::TIMESTAMPTZ AT TIME ZONE 'UTC')::DATE)
  AND CASE WHEN e.synthetic THEN shown ELSE s.told_at >= $now::TIMESTAMPTZ - INTERVAL 48 HOUR END
ORDER BY e.start_date, key
