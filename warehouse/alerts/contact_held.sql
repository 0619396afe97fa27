-- A contact of the watched pairs has taken place; a visit rings once, its parts do not.
-- key, thread, pair_id, event_id, revision_id, title, reason.
WITH said AS (
    -- what has no day of publication is as old as the day that it tells of; without either it does not ring
    SELECT event_id, min(published_at) AS published_at,
           arg_min({'revision_id': revision_id, 'span_start': span_start, 'span_end': span_end,
                    'source_id': source_id, 'url': url},
                   (NOT is_primary, told_at, revision_id, span_start)) AS best
    FROM _saying WHERE modality = 'asserted'
    GROUP BY event_id
)
SELECT coalesce(e.parent_event_id, e.event_id) AS key, key AS thread, e.pair_id, e.event_id,
       s.best.revision_id AS revision_id,
       e.title || coalesce(', ' || e.start_date, '')
               || CASE WHEN e.end_date > e.start_date THEN ' to ' || e.end_date ELSE '' END AS title,
       _cite(v.text, s.best.span_start, s.best.span_end, s.best.source_id, s.best.url)
           || CASE WHEN e.synthetic THEN ' (retold)' ELSE '' END AS reason
FROM contacts e JOIN said s USING (event_id)
JOIN revision v ON v.revision_id = s.best.revision_id, _retold
WHERE list_contains($pairs, e.pair_id)
  AND ($level IS NULL OR e.level = $level)
  AND (len($kinds) = 0 OR list_has_any($kinds::VARCHAR[], [e.kind, split_part(e.kind, '.', 1)]))
  AND CASE WHEN e.synthetic THEN shown ELSE coalesce(s.published_at, CASE WHEN e.date_precision = 'day'
                                                 THEN (e.end_date + 1)::TIMESTAMP AT TIME ZONE 'UTC' END)
               >= $now::TIMESTAMPTZ - INTERVAL 48 HOUR END
ORDER BY e.start_date, key
