-- Which document is named at which event: no contract.
-- event_id, agreement_id, revision_id, states, title, status, quote.
CREATE OR REPLACE VIEW _named AS
-- A document is spoken of where it is signed, and at the contact that the text is about.
SELECT event_id, agreement_id, revision_id, states, title, status, quote FROM _step
UNION
SELECT n.event_id, s.agreement_id, s.revision_id, s.states, s.title, s.status, s.quote
FROM _step s JOIN _anchor n ON n.revision_id = s.revision_id AND n.states = s.states;

COMMENT ON VIEW _named IS 'Which document is named at which event: no contract.';
COMMENT ON COLUMN _named.event_id IS 'The event.';
COMMENT ON COLUMN _named.agreement_id IS 'The document.';
COMMENT ON COLUMN _named.revision_id IS 'The text that names it.';
COMMENT ON COLUMN _named.states IS 'The states, alpha-3, sorted.';
COMMENT ON COLUMN _named.title IS 'Its title there.';
COMMENT ON COLUMN _named.status IS 'How far it has come, as the text says.';
COMMENT ON COLUMN _named.quote IS 'The words of the text.';
