-- Contacts by month, level and mode; every month from the first to the last is present.
-- pair_id, month, level, mode, contacts, observed.
CREATE OR REPLACE VIEW contact_month AS
WITH counted AS (
    SELECT c.pair_id, h.month, c.level, c.mode, count(*) AS contacts
    FROM contacts c JOIN _happened h ON h.event_id = c.event_id AND h.pair_id = c.pair_id
    GROUP BY ALL
), grid AS (
    SELECT m.*, k.level, k.mode FROM _month m JOIN (SELECT DISTINCT pair_id, level, mode FROM counted) k USING (pair_id)
)
SELECT g.pair_id, g.month, g.level, g.mode,
       CASE WHEN c.contacts IS NULL AND g.observed > 0 THEN 0 ELSE c.contacts END AS contacts, g.observed
FROM grid g
LEFT JOIN counted c ON c.pair_id = g.pair_id AND c.month = g.month
     AND c.level IS NOT DISTINCT FROM g.level AND c.mode IS NOT DISTINCT FROM g.mode;

COMMENT ON VIEW contact_month IS 'Contacts by month, level and mode; every month from the first to the last is present.';
COMMENT ON COLUMN contact_month.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN contact_month.month IS 'First day of the month.';
COMMENT ON COLUMN contact_month.level IS 'Lowest level that both sides sent: head_of_state … official, state.';
COMMENT ON COLUMN contact_month.mode IS 'in_person, phone, video or written.';
COMMENT ON COLUMN contact_month.contacts IS 'Number of contacts; NULL: nobody read that month and nothing is known of it.';
COMMENT ON COLUMN contact_month.observed IS 'Share of the days of the month on which sources of both sides could be read.';
