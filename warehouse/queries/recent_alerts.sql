-- Which alerts were raised, newest first, and whether they arrived.
-- days=30
SELECT a.raised_at, a.tier, a.title, string_agg(d.channel || ' ' || d.state, ', ' ORDER BY d.channel) AS delivery,
       a.event_id, a.alert_id, string_agg(d.last_error, '; ' ORDER BY d.channel) AS last_error
FROM alerts a LEFT JOIN deliveries d USING (alert_id)
WHERE a.raised_at >= (SELECT max(raised_at) FROM alerts) - to_days($days::INTEGER)
GROUP BY a.alert_id, a.raised_at, a.tier, a.title, a.event_id
ORDER BY a.raised_at DESC, a.title, a.alert_id
