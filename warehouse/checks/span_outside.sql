-- Passages whose quotation is not what stands in the text from span_start to span_end.
-- found_in, id, revision_id, quote.
WITH passage AS (
    SELECT 'report' AS found_in, report_id AS id, revision_id, span_start, span_end, quote FROM report
    UNION ALL
    SELECT 'document', document_id, revision_id, span_start, span_end, quote FROM document
    UNION ALL
    SELECT 'claim', claim_id, revision_id, span_start, span_end, quote FROM claim
    UNION ALL
    SELECT 'topic', code, revision_id, span_start, span_end, quote FROM topic
)
SELECT p.found_in, p.id, p.revision_id, p.quote
FROM passage p LEFT JOIN revision v USING (revision_id)
WHERE v.text IS NULL OR p.span_start < 0 OR p.span_end <= p.span_start OR p.span_end > length(v.text)
   OR v.text[p.span_start + 1:p.span_end] <> p.quote
