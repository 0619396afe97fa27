-- Which figures of trade were given, by whom and for which period, with the sentence.
-- p=KGZ-RUS since=2019-01-01
SELECT period_start, period_end, metric, comparator, value, unit, base_period, speaker, side, source_id, claimed_on, synthetic AS retold, quote, url
FROM claims
WHERE pair_id = $p AND starts_with(metric, 'trade.') AND (period_end IS NULL OR period_end >= $since::DATE)
ORDER BY period_start, metric, value_base, claimed_on, claim_id
