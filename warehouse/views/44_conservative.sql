-- The most conservative reading: events that primary sources of both sides assert, and of them only what both say.
-- event_id, pair_id, kind, start_date, end_date, place, place_iso3, persons, sources_a, sources_b.
CREATE OR REPLACE VIEW conservative AS
-- Days are those that both give. Where one says "state visit" and the other "visit", a visit is what both say.
WITH told AS (
    SELECT e.event_id, e.pair_id, c.side = e.pair_id[:3] AS first_side, r.report_id, r.kind, r.start_date,
           _last_day(r.start_date, r.date_precision, r.end_date) AS end_date, r.place, r.place_iso3, c.source_id
    FROM (SELECT event_id, unnest(flatten([[a || '-' || b for b in states if a < b] for a in states])) AS pair_id FROM _reading) e
    JOIN report r ON r.event_id = e.event_id JOIN _current c USING (revision_id)
    WHERE c.is_primary AND r.modality = 'asserted' AND c.side IN (e.pair_id[:3], e.pair_id[5:])
), people AS (
    SELECT t.event_id, t.pair_id, list(p.actor_id) FILTER (t.first_side) AS a, list(p.actor_id) FILTER (NOT t.first_side) AS b
    FROM told t JOIN participant p USING (report_id) GROUP BY ALL
), both_sides AS (
    SELECT event_id, pair_id, list(kind) FILTER (first_side) AS kinds_a, list(kind) FILTER (NOT first_side) AS kinds_b,
           min(start_date) FILTER (first_side) AS start_a, min(start_date) FILTER (NOT first_side) AS start_b,
           max(end_date) FILTER (first_side) AS end_a, max(end_date) FILTER (NOT first_side) AS end_b,
           list(place) FILTER (first_side) AS places_a, list(place) FILTER (NOT first_side) AS places_b,
           list(place_iso3) FILTER (first_side) AS grounds_a, list(place_iso3) FILTER (NOT first_side) AS grounds_b,
           list(source_id) FILTER (first_side) AS sources_a, list(source_id) FILTER (NOT first_side) AS sources_b
    FROM told GROUP BY event_id, pair_id HAVING bool_or(first_side) AND NOT bool_and(first_side)
)
SELECT w.event_id, w.pair_id,
       coalesce(list_sort(list_intersect(kinds_a, kinds_b), 'DESC')[1],
                list_sort(list_intersect([split_part(k, '.', 1) FOR k IN kinds_a], [split_part(k, '.', 1) FOR k IN kinds_b]))[1]) AS kind,
       CASE WHEN greatest(start_a, start_b) <= least(end_a, end_b) THEN greatest(start_a, start_b) END AS start_date,
       CASE WHEN greatest(start_a, start_b) <= least(end_a, end_b) THEN least(end_a, end_b) END AS end_date,
       list_sort(list_intersect(places_a, places_b))[1] AS place, list_sort(list_intersect(grounds_a, grounds_b))[1] AS place_iso3,
       list_sort(list_intersect(coalesce(p.a, []), coalesce(p.b, []))) AS persons,
       list_sort(list_distinct(sources_a)) AS sources_a, list_sort(list_distinct(sources_b)) AS sources_b
FROM both_sides w LEFT JOIN people p USING (event_id, pair_id);

COMMENT ON VIEW conservative IS 'The most conservative reading: events that primary sources of both sides assert, and of them only what both say.';
COMMENT ON COLUMN conservative.event_id IS 'The event.';
COMMENT ON COLUMN conservative.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN conservative.kind IS 'The kind that both use, else what their kinds have in common; NULL: nothing.';
COMMENT ON COLUMN conservative.start_date IS 'First day that both give; NULL: none.';
COMMENT ON COLUMN conservative.end_date IS 'Last day that both give.';
COMMENT ON COLUMN conservative.place IS 'The place that both name.';
COMMENT ON COLUMN conservative.place_iso3 IS 'The state in which both place it.';
COMMENT ON COLUMN conservative.persons IS 'Those whom both name.';
COMMENT ON COLUMN conservative.sources_a IS 'Sources of the first state that assert it.';
COMMENT ON COLUMN conservative.sources_b IS 'Sources of the second.';
