-- What an alert quotes of an event in one modality: the earliest primary report, and since when it is told: no contract.
-- event_id, modality, told_at, published_at, revision_id, cited.
CREATE OR REPLACE VIEW _heard AS
WITH best AS (
    SELECT event_id, modality, min(told_at) AS told_at, min(published_at) AS published_at,
           arg_min({'revision_id': revision_id, 'span_start': span_start, 'span_end': span_end,
                    'source_id': source_id, 'url': url},
                   (NOT is_primary, told_at, revision_id, span_start)) AS said
    FROM _saying GROUP BY event_id, modality
)
SELECT event_id, modality, told_at, b.published_at, said.revision_id AS revision_id,
       _cite(v.text, said.span_start, said.span_end, said.source_id, said.url) AS cited
FROM best b JOIN revision v ON v.revision_id = b.said.revision_id;

COMMENT ON VIEW _heard IS 'What an alert quotes of an event in one modality: the earliest primary report, and since when it is told: no contract.';
COMMENT ON COLUMN _heard.event_id IS 'The event.';
COMMENT ON COLUMN _heard.modality IS 'asserted, planned, denied or recalled.';
COMMENT ON COLUMN _heard.told_at IS 'The earliest time from which people could know of it.';
COMMENT ON COLUMN _heard.published_at IS 'The earliest publication; NULL: of none even the day is known.';
COMMENT ON COLUMN _heard.revision_id IS 'The text that is quoted.';
COMMENT ON COLUMN _heard.cited IS 'The sentence, the source and the address.';
