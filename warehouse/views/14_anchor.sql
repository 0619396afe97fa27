-- The event that a text is about, for each group of states that it speaks of: no contract.
-- revision_id, states, event_id.
CREATE OR REPLACE VIEW _anchor AS
SELECT r.revision_id, r.states, arg_min(r.event_id, (NOT r.is_main, NOT coalesce(k.contact, false), r.span_start)) AS event_id
FROM report r JOIN _current USING (revision_id) LEFT JOIN code_kind k ON k.code = r.kind
WHERE r.event_id IS NOT NULL AND r.modality IN ('asserted', 'planned', 'denied')
GROUP BY r.revision_id, r.states;

COMMENT ON VIEW _anchor IS 'The event that a text is about, for each group of states that it speaks of: no contract.';
COMMENT ON COLUMN _anchor.revision_id IS 'The text that says it.';
COMMENT ON COLUMN _anchor.states IS 'The states, alpha-3, sorted.';
COMMENT ON COLUMN _anchor.event_id IS 'The event of its main report; contacts first.';
