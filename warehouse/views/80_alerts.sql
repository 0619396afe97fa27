-- Alerts that were raised, one a fact.
-- alert_id, rule, tier, key, thread, pair_id, event_id, revision_id, raised_at, title, reason, acked_at.
CREATE OR REPLACE VIEW alerts AS
SELECT alert_id, rule, tier, key, thread, pair_id, event_id, revision_id, raised_at, title, reason, acked_at FROM alert;

COMMENT ON VIEW alerts IS 'Alerts that were raised, one a fact.';
COMMENT ON COLUMN alerts.alert_id IS 'Stands for rule and key.';
COMMENT ON COLUMN alerts.rule IS 'The rule of sources.yaml.';
COMMENT ON COLUMN alerts.tier IS 'flash, notify, digest or ops.';
COMMENT ON COLUMN alerts.key IS 'The fact within its rule.';
COMMENT ON COLUMN alerts.thread IS 'Alerts about one matter share it.';
COMMENT ON COLUMN alerts.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN alerts.event_id IS 'The event, where it is about one.';
COMMENT ON COLUMN alerts.revision_id IS 'The text whose arrival raised it.';
COMMENT ON COLUMN alerts.raised_at IS 'When it was raised.';
COMMENT ON COLUMN alerts.title IS 'What happened.';
COMMENT ON COLUMN alerts.reason IS 'The sentence and its address, or what failed.';
COMMENT ON COLUMN alerts.acked_at IS 'When someone acknowledged it.';
