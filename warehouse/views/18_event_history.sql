-- How the status of an event changed as it was told, one row a change: planned, then confirmed or cancelled.
-- event_id, number, status, since, report_id, source_id, side, is_primary, url, quote, synthetic.
CREATE OR REPLACE VIEW event_history AS
-- As in linking: a denial contests what another source asserts, and cancels a plan unless it is told again afterwards.
WITH told AS (
    SELECT r.event_id, r.report_id, r.modality, r.quote, c.source_id, c.side, c.is_primary, c.url, c.synthetic,
           coalesce(c.published_at, c.first_seen_at) AS since
    FROM report r JOIN _current c USING (revision_id)
    WHERE r.event_id IS NOT NULL AND r.modality IN ('asserted', 'planned', 'denied')
), until AS (
    SELECT *, list(source_id) FILTER (modality = 'asserted') OVER so_far AS asserting,
           list(source_id) FILTER (modality = 'denied') OVER so_far AS denying,
           max(since) FILTER (modality = 'planned') OVER so_far AS planned_at,
           max(since) FILTER (modality = 'denied') OVER so_far AS denied_at
    FROM told WINDOW so_far AS (PARTITION BY event_id ORDER BY since, report_id)
), known AS (
    SELECT *, CASE WHEN len(asserting) > 0 THEN CASE WHEN list_has_all(asserting, coalesce(denying, [])) THEN 'confirmed' ELSE 'contested' END
                   WHEN denied_at IS NULL OR planned_at > denied_at THEN 'planned'
                   WHEN planned_at IS NULL THEN 'denied' ELSE 'cancelled' END AS status
    FROM until
), change AS (
    FROM known QUALIFY lag(status) OVER (PARTITION BY event_id ORDER BY since, report_id) IS DISTINCT FROM status
)
SELECT event_id, row_number() OVER (PARTITION BY event_id ORDER BY since, report_id) AS number, status, since, report_id,
       source_id, side, is_primary, url, quote, synthetic
FROM change;

COMMENT ON VIEW event_history IS 'How the status of an event changed as it was told, one row a change: planned, then confirmed or cancelled.';
COMMENT ON COLUMN event_history.event_id IS 'The event.';
COMMENT ON COLUMN event_history.number IS 'Number of the change, from 1.';
COMMENT ON COLUMN event_history.status IS 'planned, confirmed, contested, denied or cancelled.';
COMMENT ON COLUMN event_history.since IS 'Publication of the page that changed it, else when it was first read.';
COMMENT ON COLUMN event_history.report_id IS 'The report that changed it.';
COMMENT ON COLUMN event_history.source_id IS 'Whose document it is.';
COMMENT ON COLUMN event_history.side IS 'The state that the publisher speaks for, alpha-3; NULL for an agency.';
COMMENT ON COLUMN event_history.is_primary IS 'Whether the publisher speaks for a state itself; never for a retelling.';
COMMENT ON COLUMN event_history.url IS 'Address of the document.';
COMMENT ON COLUMN event_history.quote IS 'The words of the text.';
COMMENT ON COLUMN event_history.synthetic IS 'Whether the document is a retelling.';
