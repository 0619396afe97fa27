-- One row about this file.
-- contract, rules_hash, published_at, watched_pairs, rows.
CREATE OR REPLACE VIEW meta AS
SELECT '1' AS contract, max(value) FILTER (key = 'rules') AS rules_hash,
       max(value) FILTER (key = 'published_at')::TIMESTAMPTZ AS published_at,
       coalesce(max(value) FILTER (key = 'watched_pairs')::JSON::VARCHAR[], []) AS watched_pairs,
       (SELECT count(*) FROM source) + (SELECT count(*) FROM poll) + (SELECT count(*) FROM article)
       + (SELECT count(*) FROM revision) + (SELECT count(*) FROM report) + (SELECT count(*) FROM participant)
       + (SELECT count(*) FROM document) + (SELECT count(*) FROM claim) + (SELECT count(*) FROM topic)
       + (SELECT count(*) FROM event_version) + (SELECT count(*) FROM alert) + (SELECT count(*) FROM delivery) AS "rows"
FROM setting;

COMMENT ON VIEW meta IS 'One row about this file.';
COMMENT ON COLUMN meta.contract IS 'Version of the views: names and columns stay, and may grow.';
COMMENT ON COLUMN meta.rules_hash IS 'The rules that read the newest documents.';
COMMENT ON COLUMN meta.published_at IS 'When this copy was made; NULL in the working file before the first.';
COMMENT ON COLUMN meta.watched_pairs IS 'The configured pairs.';
COMMENT ON COLUMN meta."rows" IS 'Rows of all base tables.';
