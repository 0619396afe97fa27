-- How many contacts each quarter had, by level and mode; empty where nobody read and nothing is known.
-- p=KGZ-RUS since=2019-01-01
SELECT date_trunc('quarter', month)::DATE AS quarter, level, mode, sum(contacts)::BIGINT AS contacts,
       round(avg(observed), 2) AS observed
FROM contact_month
WHERE pair_id = $p AND month >= date_trunc('quarter', $since::DATE)
GROUP BY ALL
ORDER BY quarter, level, mode
