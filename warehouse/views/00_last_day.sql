-- The last day that something can mean which begins at start_date: no contract.
-- A day; NULL without a start.
CREATE OR REPLACE MACRO _last_day(start_date, date_precision, end_date) AS
    coalesce(end_date, CASE date_precision
        WHEN 'month' THEN last_day(start_date)
        WHEN 'year' THEN make_date(year(start_date), 12, 31)
        ELSE start_date
    END);

COMMENT ON MACRO _last_day IS 'The last day that something can mean which begins at start_date: no contract.';
