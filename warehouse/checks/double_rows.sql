-- Ids that stand twice in a table that has no key of its own.
-- found_in, id, times.
SELECT 'report' AS found_in, report_id AS id, count(*) AS times FROM report GROUP BY report_id HAVING times > 1
UNION ALL
SELECT 'claim', claim_id, count(*) AS times FROM claim GROUP BY claim_id HAVING times > 1
UNION ALL
SELECT 'document', document_id, count(*) AS times FROM document GROUP BY document_id HAVING times > 1
UNION ALL
SELECT 'participant', report_id || ' ' || actor_id, count(*) AS times
FROM participant GROUP BY report_id, actor_id HAVING times > 1
