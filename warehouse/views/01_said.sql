-- What people put in the place of columns of an event, as of a moment: no contract. NULL for ts: now.
-- event_id, kind, level, mode, status, start_date, end_date, place, place_iso3, host_iso3, initiator_iso3, margins_of, title.
CREATE OR REPLACE MACRO _said(ts) AS TABLE
WITH RECURSIVE merged AS (
    FROM event_version QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY version DESC) = 1 AND merged_into IS NOT NULL
), leads AS (
    SELECT event_id, merged_into FROM merged
    UNION
    SELECT l.event_id, m.merged_into FROM leads l JOIN merged m ON m.event_id = l.merged_into
), said AS (
    SELECT coalesce(l.merged_into, c.target) AS event_id, c.field, c.value, c.made_at, c.correction_id
    FROM correction c LEFT JOIN leads l ON l.event_id = c.target AND l.merged_into NOT IN (SELECT event_id FROM merged)
    WHERE c.action = 'override' AND c.made_at <= coalesce(ts::TIMESTAMPTZ, c.made_at)
), last AS (
    FROM said QUALIFY row_number() OVER (PARTITION BY event_id, field ORDER BY made_at DESC, correction_id DESC) = 1
)
SELECT event_id, max(value) FILTER (field = 'kind') AS kind, max(value) FILTER (field = 'level') AS level,
       max(value) FILTER (field = 'mode') AS mode, max(value) FILTER (field = 'status') AS status,
       max(value) FILTER (field = 'start_date') AS start_date, max(value) FILTER (field = 'end_date') AS end_date,
       max(value) FILTER (field = 'place') AS place, max(value) FILTER (field = 'place_iso3') AS place_iso3,
       max(value) FILTER (field = 'host_iso3') AS host_iso3, max(value) FILTER (field = 'initiator_iso3') AS initiator_iso3,
       max(value) FILTER (field = 'margins_of') AS margins_of, max(value) FILTER (field = 'title') AS title
FROM last GROUP BY event_id;

COMMENT ON MACRO TABLE _said IS 'What people put in the place of columns of an event, as of a moment: no contract.';

CREATE OR REPLACE MACRO _or(said, derived) AS
    CASE WHEN said IS NULL THEN derived WHEN said = 'none' THEN NULL ELSE said END;

COMMENT ON MACRO _or IS 'What a person said, else what was derived; the word none empties the column: no contract.';

CREATE OR REPLACE MACRO _first_day(said) AS CAST((said || '-01-01')[:10] AS DATE);

COMMENT ON MACRO _first_day IS 'The first day that a date such as 2025-11 can mean: no contract.';

CREATE OR REPLACE MACRO _precision(said) AS
    CASE length(said) WHEN 4 THEN 'year' WHEN 7 THEN 'month' WHEN 10 THEN 'day' END;

COMMENT ON MACRO _precision IS 'How exact a date such as 2025-11 is: no contract.';
