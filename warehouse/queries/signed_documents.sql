-- Which documents were signed, and how far each has come.
-- p=KGZ-RUS since=2019-01-01
SELECT signed_on, type, binding, title, topic, status, ratified_a_on, ratified_b_on, in_force_on, synthetic AS retold, agreement_id
FROM agreements
WHERE pair_id = $p AND status NOT IN ('planned', 'recalled') AND (signed_on IS NULL OR signed_on >= $since::DATE)
ORDER BY signed_on DESC, type, title
