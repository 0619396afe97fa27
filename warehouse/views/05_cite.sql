-- The sentence around a passage, and where it stands, for one line of an alert: no contract.
-- «sentence» — source, address.
CREATE OR REPLACE MACRO _cite(text, span_start, span_end, source_id, url) AS
    '«' || ltrim(regexp_extract(text[greatest(span_start - 400, 0) + 1:span_start],
                                '(?s)^(?:.*(?:[.!?…][»”")]*\s|\n))?(.*)$', 1))
        || text[span_start + 1:span_end]
        || CASE WHEN regexp_matches(text[span_end:span_end], '[.!?…]') THEN ''
                ELSE coalesce(nullif(regexp_extract(text[span_end + 1:span_end + 400],
                                                    '^([^\n]*?[.!?…]+[»”")]*)(?:\s|$)', 1), ''),
                              regexp_extract(text[span_end + 1:span_end + 400], '^[^\n]*')) END
        || '» — ' || concat_ws(', ', source_id, nullif(url, ''));

COMMENT ON MACRO _cite IS 'The sentence around a passage, and where it stands, for one line of an alert: no contract.';
