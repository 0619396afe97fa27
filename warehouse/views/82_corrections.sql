-- What people decided by `bilateral edit` and `bilateral data forget`, one row a decision.
-- correction_id, made_at, made_by, action, target, field, value, note, reports.
CREATE OR REPLACE VIEW corrections AS
SELECT correction_id, made_at, made_by, action, target, field, value, note, len(members) AS reports FROM correction;

COMMENT ON VIEW corrections IS 'What people decided by `bilateral edit` and `bilateral data forget`, one row a decision.';
COMMENT ON COLUMN corrections.correction_id IS 'The decision.';
COMMENT ON COLUMN corrections.made_at IS 'When it was made; of two about one thing the later holds.';
COMMENT ON COLUMN corrections.made_by IS 'Who made it, where they said so.';
COMMENT ON COLUMN corrections.action IS 'note, override, merge, split or forget.';
COMMENT ON COLUMN corrections.target IS 'The id that it is about: of a merge the event that stays, of a split the one that is left, of forget the article.';
COMMENT ON COLUMN corrections.field IS 'Of an override: the column.';
COMMENT ON COLUMN corrections.value IS 'Of an override what stands there, NULL where it was taken back; of merge and split the other event.';
COMMENT ON COLUMN corrections.note IS 'What they said of it.';
COMMENT ON COLUMN corrections.reports IS 'Of merge and split: how many reports it is about.';
