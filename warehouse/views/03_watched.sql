-- The configured pairs: no contract.
-- pair_id.
CREATE OR REPLACE VIEW _watched AS
SELECT unnest(from_json(value, '["VARCHAR"]')) AS pair_id FROM setting WHERE key = 'watched_pairs';

COMMENT ON VIEW _watched IS 'The configured pairs: no contract.';
COMMENT ON COLUMN _watched.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
