-- Whether trends and alerts count retold documents: until a live source has loaded, or where asked for.
-- shown.
CREATE OR REPLACE VIEW _retold AS
SELECT coalesce(TRY_CAST(getvariable('with_retold') AS BOOLEAN), false) OR NOT EXISTS (
           FROM article a JOIN source s ON s.source_id = a.polled_as WHERE s.network AND NOT a.synthetic
       ) AS shown;

COMMENT ON VIEW _retold IS 'Whether trends and alerts count retold documents: until a live source has loaded, or where asked for.';
COMMENT ON COLUMN _retold.shown IS 'True while they count.';
