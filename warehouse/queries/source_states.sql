-- How each source does, and why it could not be read.
--
SELECT source_id, state, last_ok_at, last_new_at, round(days_silent, 1) AS days_silent, expected_days,
       coalesce(nullif(last_reason, ''), skipped || ' skipped, the first: ' || first_skipped) AS last_reason
FROM source_health
ORDER BY source_id
