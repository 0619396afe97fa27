-- The most conservative reading: events that primary sources of both sides assert, and of them only what both say.
-- event_id, pair_id, kind, start_date, end_date, place, place_iso3, persons, sources_a, sources_b.
CREATE OR REPLACE VIEW conservative AS
-- Days are those that both give. Where one says "state visit" and the other "visit", a visit is what both say.
WITH told AS (
    SELECT e.event_id, e.pair_id, c.side = e.pair_id[:3] AS first_side, r.report_id, r.kind, r.start_date,
           _last_day(r.start_date, r.date_precision, r.end_date) AS end_date, r.place, r.place_iso3, c.source_id
    FROM events e JOIN report r ON r.event_id = e.event_id JOIN _current c USING (revision_id)
    WHERE c.is_primary AND r.modality = 'asserted' AND c.side IN (e.pair_id[:3], e.pair_id[5:])
), people AS (
    SELECT t.event_id, t.pair_id, t.first_side, list(DISTINCT p.actor_id) AS persons
    FROM told t JOIN participant p USING (report_id) GROUP BY ALL
), side AS (
    SELECT event_id, pair_id, first_side, list(DISTINCT kind) AS kinds, list(DISTINCT split_part(kind, '.', 1)) AS roots,
           min(start_date) AS start_date, max(end_date) AS end_date, list(DISTINCT place) AS places,
           list(DISTINCT place_iso3) AS grounds, list(DISTINCT source_id ORDER BY source_id) AS sources
    FROM told GROUP BY ALL
), whole AS (
    SELECT s.*, coalesce(p.persons, []) AS persons FROM side s LEFT JOIN people p USING (event_id, pair_id, first_side)
)
SELECT a.event_id, a.pair_id,
       coalesce(list_sort(list_intersect(a.kinds, b.kinds), 'DESC')[1], list_sort(list_intersect(a.roots, b.roots))[1]) AS kind,
       CASE WHEN greatest(a.start_date, b.start_date) <= least(a.end_date, b.end_date)
            THEN greatest(a.start_date, b.start_date) END AS start_date,
       CASE WHEN greatest(a.start_date, b.start_date) <= least(a.end_date, b.end_date)
            THEN least(a.end_date, b.end_date) END AS end_date,
       list_sort(list_intersect(a.places, b.places))[1] AS place, list_sort(list_intersect(a.grounds, b.grounds))[1] AS place_iso3,
       list_sort(list_intersect(a.persons, b.persons)) AS persons, a.sources AS sources_a, b.sources AS sources_b
FROM whole a JOIN whole b ON b.event_id = a.event_id AND b.pair_id = a.pair_id AND a.first_side AND NOT b.first_side;

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
