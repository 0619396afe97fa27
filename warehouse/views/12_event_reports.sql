-- What each article says in its newest text: one row a happening that it tells.
-- report_id, event_id, revision_id, source_id, side, is_primary, url, lang, published_at, kind,
--   modality, states, start_date, end_date, place, span_start, span_end, quote, rule, confidence,
--   synthetic.
CREATE OR REPLACE VIEW event_reports AS
SELECT r.report_id, r.event_id, r.revision_id, c.source_id, c.side, c.is_primary, c.url, c.lang, c.published_at,
       r.kind, r.modality, r.states, r.start_date, r.end_date, r.place, r.span_start, r.span_end, r.quote, r.rule,
       r.confidence, c.synthetic
FROM report r JOIN _current c USING (revision_id);

COMMENT ON VIEW event_reports IS 'What each article says in its newest text: one row a happening that it tells.';
COMMENT ON COLUMN event_reports.report_id IS 'The report.';
COMMENT ON COLUMN event_reports.event_id IS 'The event; NULL: told as background or as a possibility, without an event.';
COMMENT ON COLUMN event_reports.revision_id IS 'The text that says it.';
COMMENT ON COLUMN event_reports.source_id IS 'Whose document it is.';
COMMENT ON COLUMN event_reports.side IS 'The state that the publisher speaks for, alpha-3; NULL for an agency.';
COMMENT ON COLUMN event_reports.is_primary IS 'Whether the publisher speaks for a state itself; never for a retelling.';
COMMENT ON COLUMN event_reports.url IS 'Address of the document.';
COMMENT ON COLUMN event_reports.lang IS 'Language of the document: ru, ky, en, fr.';
COMMENT ON COLUMN event_reports.published_at IS 'When the publisher says it was published; NULL: the page gives no time.';
COMMENT ON COLUMN event_reports.kind IS 'A code of code_kind.';
COMMENT ON COLUMN event_reports.modality IS 'asserted, planned, denied, recalled or hypothetical.';
COMMENT ON COLUMN event_reports.states IS 'The states, alpha-3, sorted.';
COMMENT ON COLUMN event_reports.start_date IS 'First day that the text gives.';
COMMENT ON COLUMN event_reports.end_date IS 'Last day; NULL where the text gives no range.';
COMMENT ON COLUMN event_reports.place IS 'Where, as the text names it.';
COMMENT ON COLUMN event_reports.span_start IS 'First character in the text of the revision.';
COMMENT ON COLUMN event_reports.span_end IS 'Character after the last.';
COMMENT ON COLUMN event_reports.quote IS 'The words of the text, from span_start to span_end.';
COMMENT ON COLUMN event_reports.rule IS 'The rule that found it.';
COMMENT ON COLUMN event_reports.confidence IS 'How sure the rule is, 0 to 1.';
COMMENT ON COLUMN event_reports.synthetic IS 'Whether the document is a retelling.';
