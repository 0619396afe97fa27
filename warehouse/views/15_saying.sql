-- Each report that belongs to an event, with the time from which people could know of it: no contract.
-- event_id, revision_id, modality, told_at, is_primary, source_id, url, span_start, span_end, synthetic,
--   published_at.
CREATE OR REPLACE VIEW _saying AS
SELECT r.event_id, r.revision_id, r.modality,
       least(coalesce(v.published_at,
                      (_last_day(v.published_on, v.published_precision, NULL) + 1)::TIMESTAMP AT TIME ZONE 'UTC',
                      a.first_seen_at), a.first_seen_at) AS told_at,
       a.is_primary, a.source_id, a.url, r.span_start, r.span_end, a.synthetic,
       CASE WHEN v.published_at IS NOT NULL OR v.published_precision = 'day' THEN told_at END AS published_at
FROM report r JOIN revision v USING (revision_id) JOIN article a USING (article_id)
WHERE v.is_newest AND r.event_id IS NOT NULL;

COMMENT ON VIEW _saying IS 'Each report that belongs to an event, with the time from which people could know of it: no contract.';
COMMENT ON COLUMN _saying.event_id IS 'The event.';
COMMENT ON COLUMN _saying.revision_id IS 'The text that says it.';
COMMENT ON COLUMN _saying.modality IS 'asserted, planned, denied or recalled.';
COMMENT ON COLUMN _saying.told_at IS 'Publication: its time, else the end of its day, month or year; else when it was first read.';
COMMENT ON COLUMN _saying.is_primary IS 'Whether the publisher speaks for a state itself; never for a retelling.';
COMMENT ON COLUMN _saying.source_id IS 'Whose document it is.';
COMMENT ON COLUMN _saying.url IS 'Address of the document.';
COMMENT ON COLUMN _saying.span_start IS 'First character in the text of the revision.';
COMMENT ON COLUMN _saying.span_end IS 'Character after the last.';
COMMENT ON COLUMN _saying.synthetic IS 'Whether the document is a retelling.';
COMMENT ON COLUMN _saying.published_at IS 'Publication, or the end of its day; NULL: not even the day is known.';
