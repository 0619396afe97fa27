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

CREATE OR REPLACE MACRO _short(title) AS
    CASE WHEN length(title) <= 120 THEN title
         ELSE coalesce(nullif(regexp_extract(title[1:120], '(?s)^(.*\S)\s', 1), ''), title[1:119]) || '…' END;

COMMENT ON MACRO _short IS 'A title of bearable length, cut between words: no contract.';
