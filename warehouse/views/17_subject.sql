-- What is spoken of at which event: no contract.
-- part, code, revision_id, quote, span_start.
CREATE OR REPLACE VIEW _subject AS
-- As with figures: what a text speaks of is spoken of at the event that it is about. A happening that it tells of in
-- passing, an older visit or a coming one, has its own texts.
SELECT coalesce(n.event_id, r.event_id) AS part, t.code, t.revision_id, t.quote, t.span_start
FROM topic t
LEFT JOIN report r ON r.report_id = t.report_id AND r.revision_id = t.revision_id
LEFT JOIN _anchor n ON n.revision_id = t.revision_id AND (r.states IS NULL OR r.states = n.states)
WHERE coalesce(n.event_id, r.event_id) IS NOT NULL;

COMMENT ON VIEW _subject IS 'What is spoken of at which event: no contract.';
COMMENT ON COLUMN _subject.part IS 'The event.';
COMMENT ON COLUMN _subject.code IS 'A code of code_topic.';
COMMENT ON COLUMN _subject.revision_id IS 'The text that says it.';
COMMENT ON COLUMN _subject.quote IS 'The words of the text.';
COMMENT ON COLUMN _subject.span_start IS 'Where they stand.';
