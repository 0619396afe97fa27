-- Every text that a document has had.
-- revision_id, article_id, number, seen_at, title, text, sha256, page_sha256.
CREATE OR REPLACE VIEW revisions AS
SELECT revision_id, article_id, number, seen_at, title, text, sha256, page_sha256 FROM revision;

COMMENT ON VIEW revisions IS 'Every text that a document has had.';
COMMENT ON COLUMN revisions.revision_id IS 'The text.';
COMMENT ON COLUMN revisions.article_id IS 'The document.';
COMMENT ON COLUMN revisions.number IS '1 for the first text seen, and so on.';
COMMENT ON COLUMN revisions.seen_at IS 'When it was first read.';
COMMENT ON COLUMN revisions.title IS 'Title of this text.';
COMMENT ON COLUMN revisions.text IS 'Title, lead and body: spans count its characters.';
COMMENT ON COLUMN revisions.sha256 IS 'Digest of the text.';
COMMENT ON COLUMN revisions.page_sha256 IS 'Digest of the page that gave it last.';
