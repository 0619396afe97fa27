-- How far each alert has come on each channel.
-- alert_id, channel, state, attempts, last_error, next_try_at, delivered_at.
CREATE OR REPLACE VIEW deliveries AS
SELECT alert_id, channel, state, attempts, last_error, next_try_at, delivered_at FROM delivery;

COMMENT ON VIEW deliveries IS 'How far each alert has come on each channel.';
COMMENT ON COLUMN deliveries.alert_id IS 'The alert.';
COMMENT ON COLUMN deliveries.channel IS 'The channel of sources.yaml.';
COMMENT ON COLUMN deliveries.state IS 'waiting, sent, failed (will be tried again) or dead.';
COMMENT ON COLUMN deliveries.attempts IS 'How often it was tried.';
COMMENT ON COLUMN deliveries.last_error IS 'Why the last try failed.';
COMMENT ON COLUMN deliveries.next_try_at IS 'Not to be tried before.';
COMMENT ON COLUMN deliveries.delivered_at IS 'When it arrived.';
