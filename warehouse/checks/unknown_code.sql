-- Codes that are in no list of the vocabulary, and states that are not three capital letters in order.
-- found_in, id, code.
SELECT 'report' AS found_in, report_id AS id, kind AS code FROM report WHERE kind NOT IN (SELECT code FROM code_kind)
UNION ALL
SELECT 'report', report_id, modality FROM report WHERE modality NOT IN (SELECT code FROM code_modality)
UNION ALL
SELECT 'event_version', event_id, status FROM event_version WHERE status NOT IN (SELECT code FROM code_event_status)
UNION ALL
SELECT 'document', document_id, type FROM document WHERE type NOT IN (SELECT code FROM code_agreement_type)
UNION ALL
SELECT 'document', document_id, status FROM document WHERE status NOT IN (SELECT code FROM code_agreement_status)
UNION ALL
SELECT 'claim', claim_id, metric FROM claim WHERE metric NOT IN (SELECT code FROM code_metric)
UNION ALL
SELECT 'poll', poll_id, state FROM poll WHERE state NOT IN (SELECT code FROM code_fetch_state)
UNION ALL
SELECT 'report', report_id, array_to_string(states, ',') FROM report
WHERE states <> list_sort(list_distinct(states)) OR NOT list_bool_and([regexp_full_match(s, '[A-Z]{3}') for s in states])
