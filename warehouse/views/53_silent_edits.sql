-- Changes that no mark of the publisher tells of, more than layout or a misprint.
-- article_id, from_revision, to_revision, seen_at, kind, marked, before, after, minutes_after_publication.
CREATE OR REPLACE VIEW silent_edits AS
SELECT * FROM edits WHERE NOT marked AND kind NOT IN ('layout', 'typo');

COMMENT ON VIEW silent_edits IS 'Changes that no mark of the publisher tells of, more than layout or a misprint.';
COMMENT ON COLUMN silent_edits.article_id IS 'The document.';
COMMENT ON COLUMN silent_edits.from_revision IS 'The older text.';
COMMENT ON COLUMN silent_edits.to_revision IS 'The newer text.';
COMMENT ON COLUMN silent_edits.seen_at IS 'When the newer text was first read.';
COMMENT ON COLUMN silent_edits.kind IS 'layout, typo, addition, removal, number, name, quotation, title or date.';
COMMENT ON COLUMN silent_edits.marked IS 'Whether the publisher says that the text was changed.';
COMMENT ON COLUMN silent_edits.before IS 'Words that were there.';
COMMENT ON COLUMN silent_edits.after IS 'Words that came.';
COMMENT ON COLUMN silent_edits.minutes_after_publication IS 'Minutes from publication to the change.';
