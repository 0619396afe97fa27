-- Each step of a document with the sentence that reports it.
-- agreement_id, status, date, side, report_id, quote, url, synthetic.
CREATE OR REPLACE VIEW agreement_steps AS
SELECT agreement_id, status, status_date AS date, side, report_id, quote, url, synthetic FROM _step;

COMMENT ON VIEW agreement_steps IS 'Each step of a document with the sentence that reports it.';
COMMENT ON COLUMN agreement_steps.agreement_id IS 'The document.';
COMMENT ON COLUMN agreement_steps.status IS 'A code of code_agreement_status.';
COMMENT ON COLUMN agreement_steps.date IS 'Day of the step; NULL: the text gives none.';
COMMENT ON COLUMN agreement_steps.side IS 'The state whose publisher reports it; NULL for an agency.';
COMMENT ON COLUMN agreement_steps.report_id IS 'The report of the same text that stands nearest.';
COMMENT ON COLUMN agreement_steps.quote IS 'The words of the text, from span_start to span_end.';
COMMENT ON COLUMN agreement_steps.url IS 'Address of the document.';
COMMENT ON COLUMN agreement_steps.synthetic IS 'Whether the document is a retelling.';
