-- Documents were signed: one alert a ceremony, with what was signed.
-- key, thread, pair_id, event_id, revision_id, title, reason.
WITH said AS (
    -- what has no day of publication is as old as the day that it tells of; without either it does not ring
    SELECT event_id, min(published_at) AS published_at,
           arg_min({'revision_id': revision_id, 'span_start': span_start, 'span_end': span_end,
                    'source_id': source_id, 'url': url},
                   (NOT is_primary, told_at, revision_id, span_start)) AS best
    FROM _saying WHERE modality = 'asserted'
    GROUP BY event_id
), paper AS (
    SELECT event_id, pair_id, count(*) AS documents, string_agg(_short(title), '; ' ORDER BY title) AS titles
    FROM agreements WHERE status <> 'planned' GROUP BY event_id, pair_id
)
SELECT e.event_id AS key, coalesce(e.parent_event_id, e.event_id) AS thread, e.pair_id, e.event_id,
       s.best.revision_id AS revision_id, e.title || coalesce(', ' || e.start_date, '') AS title,
       _cite(v.text, s.best.span_start, s.best.span_end, s.best.source_id, s.best.url)
           || CASE WHEN e.synthetic THEN ' (retold)' ELSE '' END
           || coalesce('. Documents (' || p.documents || '): ' || p.titles, '') AS reason
FROM events e JOIN said s USING (event_id)
JOIN revision v ON v.revision_id = s.best.revision_id
LEFT JOIN paper p ON p.event_id = e.event_id AND p.pair_id = e.pair_id, _retold
WHERE e.status IN ('confirmed', 'contested') AND list_contains($pairs, e.pair_id)
  AND ($level IS NULL OR e.level = $level)
  AND list_has_any(CASE WHEN len($kinds) = 0 THEN ['signing'] ELSE $kinds::VARCHAR[] END,
                   [e.kind, split_part(e.kind, '.', 1)])
  AND CASE WHEN e.synthetic THEN shown ELSE coalesce(s.published_at, CASE WHEN e.date_precision = 'day'
                                                 THEN (e.end_date + 1)::TIMESTAMP AT TIME ZONE 'UTC' END)
               >= $now::TIMESTAMPTZ - INTERVAL 48 HOUR END
ORDER BY e.start_date, key
