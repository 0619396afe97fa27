-- Each mention of a document in the newest texts, with its report and event: no contract.
-- document_id, agreement_id, revision_id, type, status, states, status_date, title, topic, quote, side,
--   is_primary, synthetic, lang, report_id, event_id, url, source_id, amends.
CREATE OR REPLACE VIEW _step AS
WITH near AS (
    SELECT d.document_id,
           arg_min(r.report_id, (r.kind NOT IN ('signing', 'statement.joint', 'ratification', 'entry_into_force'),
                                 greatest(r.span_start - d.span_end, d.span_start - r.span_end, 0), r.report_id)) AS report_id
    FROM document d JOIN report r ON r.revision_id = d.revision_id AND r.states = d.states
    WHERE r.event_id IS NOT NULL
    GROUP BY d.document_id
)
SELECT d.document_id, d.agreement_id, d.revision_id, d.type, d.status, d.states, d.status_date, d.title, d.topic, d.quote,
       c.side, c.is_primary, c.synthetic, c.lang, n.report_id, r.event_id, c.url, c.source_id, d.amends
FROM document d JOIN _current c USING (revision_id)
LEFT JOIN near n ON n.document_id = d.document_id
LEFT JOIN report r ON r.report_id = n.report_id AND r.revision_id = d.revision_id;

COMMENT ON VIEW _step IS 'Each mention of a document in the newest texts, with its report and event: no contract.';
COMMENT ON COLUMN _step.document_id IS 'The mention.';
COMMENT ON COLUMN _step.agreement_id IS 'The document.';
COMMENT ON COLUMN _step.revision_id IS 'The text that says it.';
COMMENT ON COLUMN _step.type IS 'A code of code_agreement_type.';
COMMENT ON COLUMN _step.status IS 'A code of code_agreement_status.';
COMMENT ON COLUMN _step.states IS 'The states, alpha-3, sorted.';
COMMENT ON COLUMN _step.status_date IS 'Day of the step.';
COMMENT ON COLUMN _step.title IS 'Title as printed.';
COMMENT ON COLUMN _step.topic IS 'A code of code_topic.';
COMMENT ON COLUMN _step.quote IS 'The words of the text, from span_start to span_end.';
COMMENT ON COLUMN _step.side IS 'The state that the publisher speaks for, alpha-3; NULL for an agency.';
COMMENT ON COLUMN _step.is_primary IS 'Whether the publisher speaks for a state itself; never for a retelling.';
COMMENT ON COLUMN _step.synthetic IS 'Whether the document is a retelling.';
COMMENT ON COLUMN _step.lang IS 'Language of the document: ru, ky, en, fr.';
COMMENT ON COLUMN _step.report_id IS 'The report of the same text that stands nearest.';
COMMENT ON COLUMN _step.event_id IS 'Its event.';
COMMENT ON COLUMN _step.url IS 'Address of the document.';
COMMENT ON COLUMN _step.source_id IS 'Whose document it is.';
COMMENT ON COLUMN _step.amends IS 'The document that it changes, as printed.';
