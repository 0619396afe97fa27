-- Which source reported which event, and when first.
-- event_id, source_id, side, is_primary, reports, first_published_at, first_seen_at, synthetic.
CREATE OR REPLACE VIEW coverage AS
SELECT r.event_id, c.source_id, c.side, c.is_primary, count(*) AS reports, min(c.published_at) AS first_published_at,
       min(c.first_seen_at) AS first_seen_at, bool_and(c.synthetic) AS synthetic
FROM report r JOIN _current c USING (revision_id)
WHERE r.event_id IS NOT NULL
GROUP BY r.event_id, c.source_id, c.side, c.is_primary;

COMMENT ON VIEW coverage IS 'Which source reported which event, and when first.';
COMMENT ON COLUMN coverage.event_id IS 'The event.';
COMMENT ON COLUMN coverage.source_id IS 'Whose document it is.';
COMMENT ON COLUMN coverage.side IS 'The state that the publisher speaks for, alpha-3; NULL for an agency.';
COMMENT ON COLUMN coverage.is_primary IS 'Whether the publisher speaks for a state itself; never for a retelling.';
COMMENT ON COLUMN coverage.reports IS 'Reports of the source.';
COMMENT ON COLUMN coverage.first_published_at IS 'First publication; NULL: no page gives a time.';
COMMENT ON COLUMN coverage.first_seen_at IS 'When the first of its documents was read.';
COMMENT ON COLUMN coverage.synthetic IS 'True when it rests on retold (demonstration) documents alone.';
