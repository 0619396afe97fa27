-- Documents, one row each, with the title and time of the newest text.
-- article_id, source_id, side, is_primary, lang, url, work_id, title, published_at, first_seen_at,
--   revisions, licence, synthetic, published_on.
CREATE OR REPLACE VIEW articles AS
WITH counted AS (SELECT article_id, count(*) AS revisions FROM revision GROUP BY article_id)
SELECT c.article_id, c.source_id, c.side, c.is_primary, c.lang, c.url, c.work_id, c.title, c.published_at,
       c.first_seen_at, n.revisions, s.licence, c.synthetic, c.published_on
FROM _current c JOIN counted n USING (article_id) LEFT JOIN source s USING (source_id);

COMMENT ON VIEW articles IS 'Documents, one row each, with the title and time of the newest text.';
COMMENT ON COLUMN articles.article_id IS 'The document.';
COMMENT ON COLUMN articles.source_id IS 'Whose document it is.';
COMMENT ON COLUMN articles.side IS 'The state that the publisher speaks for, alpha-3; NULL for an agency.';
COMMENT ON COLUMN articles.is_primary IS 'Whether the publisher speaks for a state itself; never for a retelling.';
COMMENT ON COLUMN articles.lang IS 'Language of the document: ru, ky, en, fr.';
COMMENT ON COLUMN articles.url IS 'Address of the document.';
COMMENT ON COLUMN articles.work_id IS 'Joins the languages of one document.';
COMMENT ON COLUMN articles.title IS 'Of the newest text.';
COMMENT ON COLUMN articles.published_at IS 'When the publisher says it was published; NULL: the page gives no time.';
COMMENT ON COLUMN articles.first_seen_at IS 'When it was first read.';
COMMENT ON COLUMN articles.revisions IS 'Number of different texts.';
COMMENT ON COLUMN articles.licence IS 'Licence of the source; NULL: not known.';
COMMENT ON COLUMN articles.synthetic IS 'Whether it is a retelling, written for demonstration.';
COMMENT ON COLUMN articles.published_on IS 'Civil day of publication on the clock of the source, also where published_at is unknown; NULL: not even the day is known.';
