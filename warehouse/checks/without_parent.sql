-- Rows that belong to a row that is not there.
-- found_in, id, missing.
SELECT 'revision' AS found_in, revision_id AS id, article_id AS missing FROM revision ANTI JOIN article USING (article_id)
UNION ALL
SELECT 'report', report_id, revision_id FROM report ANTI JOIN revision USING (revision_id)
UNION ALL
SELECT 'claim', claim_id, revision_id FROM claim ANTI JOIN revision USING (revision_id)
UNION ALL
SELECT 'document', document_id, revision_id FROM document ANTI JOIN revision USING (revision_id)
UNION ALL
SELECT 'topic', code, revision_id FROM topic ANTI JOIN revision USING (revision_id)
UNION ALL
SELECT 'participant', actor_id, report_id FROM participant ANTI JOIN report USING (report_id)
UNION ALL
SELECT 'report', report_id, event_id FROM report ANTI JOIN event_version USING (event_id) WHERE event_id IS NOT NULL
UNION ALL
SELECT 'delivery', channel, alert_id FROM delivery ANTI JOIN alert USING (alert_id)
UNION ALL
SELECT 'article', article_id, source_id FROM article ANTI JOIN source USING (source_id)
