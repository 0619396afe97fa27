-- The newest text of each article with what is known of the article: the loader's own, no contract.
-- revision_id, article_id, source_id, polled_as, side, is_primary, synthetic, lang, url, work_id,
--   published_at, published_on, first_seen_at, title.
CREATE OR REPLACE VIEW _current AS
SELECT v.revision_id, v.article_id, a.source_id, a.polled_as, a.side, a.is_primary, a.synthetic, a.lang, a.url, a.work_id,
       v.published_at, CASE WHEN v.published_precision = 'day' THEN v.published_on END AS published_on, a.first_seen_at, v.title
FROM revision v JOIN article a USING (article_id)
WHERE v.is_newest;

COMMENT ON VIEW _current IS 'The newest text of each article with what is known of the article: the loader''s own, no contract.';
COMMENT ON COLUMN _current.revision_id IS 'The text that says it.';
COMMENT ON COLUMN _current.article_id IS 'The document.';
COMMENT ON COLUMN _current.source_id IS 'Whose document it is.';
COMMENT ON COLUMN _current.polled_as IS 'The source that brought it.';
COMMENT ON COLUMN _current.side IS 'The state that the publisher speaks for, alpha-3; NULL for an agency.';
COMMENT ON COLUMN _current.is_primary IS 'Whether the publisher speaks for a state itself; never for a retelling.';
COMMENT ON COLUMN _current.synthetic IS 'Whether the document is a retelling.';
COMMENT ON COLUMN _current.lang IS 'Language of the document: ru, ky, en, fr.';
COMMENT ON COLUMN _current.url IS 'Address of the document.';
COMMENT ON COLUMN _current.work_id IS 'Joins the languages of one document.';
COMMENT ON COLUMN _current.published_at IS 'When the publisher says it was published; NULL: the page gives no time.';
COMMENT ON COLUMN _current.published_on IS 'Civil day on the clock of the source, where the page gives a day.';
COMMENT ON COLUMN _current.first_seen_at IS 'When it was first read.';
COMMENT ON COLUMN _current.title IS 'Title of the text.';
