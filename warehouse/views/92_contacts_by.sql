-- Contacts of a pair by level and mode in periods of a grain: contacts_by('KGZ-RUS', 'year').
-- period, level, mode, contacts.
CREATE OR REPLACE MACRO contacts_by(p, grain) AS TABLE
SELECT date_trunc(grain, start_date)::DATE AS period, level, mode, count(*) AS contacts
FROM contacts WHERE pair_id = p
GROUP BY ALL ORDER BY ALL;

COMMENT ON MACRO TABLE contacts_by IS 'Contacts of a pair by level and mode in periods of a grain: contacts_by(''KGZ-RUS'', ''year'').';
