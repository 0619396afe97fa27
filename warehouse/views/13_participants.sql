-- Holders of an office and named delegates who took part, once an event.
-- event_id, actor_id, name, role, side, office.
CREATE OR REPLACE VIEW participants AS
SELECT r.event_id, p.actor_id, min(p.name) AS name, mode(p.role ORDER BY p.role) AS role,
       mode(p.side ORDER BY p.side) AS side, mode(p.office ORDER BY p.office) AS office
FROM participant p JOIN report r USING (report_id) JOIN _current USING (revision_id)
WHERE r.event_id IS NOT NULL
GROUP BY r.event_id, p.actor_id;

COMMENT ON VIEW participants IS 'Holders of an office and named delegates who took part, once an event.';
COMMENT ON COLUMN participants.event_id IS 'The event.';
COMMENT ON COLUMN participants.actor_id IS 'Equal across scripts and spellings: vladimir-putin.';
COMMENT ON COLUMN participants.name IS 'Common English spelling.';
COMMENT ON COLUMN participants.role IS 'A code of code_role, the one most reports give.';
COMMENT ON COLUMN participants.side IS 'The state that the person stands for.';
COMMENT ON COLUMN participants.office IS 'president, prime_minister, foreign_minister …';
