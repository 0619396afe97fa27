-- Changes that publishers made to their texts; no rows yet: comparing texts is a later stage.
-- article_id, from_revision, to_revision, seen_at, kind, marked, before, after, minutes_after_publication.
CREATE OR REPLACE VIEW edits AS
SELECT NULL::VARCHAR AS article_id, NULL::VARCHAR AS from_revision, NULL::VARCHAR AS to_revision,
       NULL::TIMESTAMPTZ AS seen_at, NULL::VARCHAR AS kind, NULL::BOOLEAN AS marked, NULL::VARCHAR AS before,
       NULL::VARCHAR AS after, NULL::BIGINT AS minutes_after_publication
WHERE false;

COMMENT ON VIEW edits IS 'Changes that publishers made to their texts; no rows yet: comparing texts is a later stage.';
COMMENT ON COLUMN edits.article_id IS 'The document.';
COMMENT ON COLUMN edits.from_revision IS 'The older text.';
COMMENT ON COLUMN edits.to_revision IS 'The newer text.';
COMMENT ON COLUMN edits.seen_at IS 'When the newer text was first read.';
COMMENT ON COLUMN edits.kind IS 'layout, typo, addition, removal, number, name, quotation, title or date.';
COMMENT ON COLUMN edits.marked IS 'Whether the publisher says that the text was changed.';
COMMENT ON COLUMN edits.before IS 'Words that were there.';
COMMENT ON COLUMN edits.after IS 'Words that came.';
COMMENT ON COLUMN edits.minutes_after_publication IS 'Minutes from publication to the change.';
