-- How often each topic comes up in the events of a month.
-- pair_id, month, topic, events, share, observed, articles_read.
CREATE OR REPLACE VIEW topic_month AS
WITH spoken AS (
    SELECT DISTINCT coalesce(r.event_id, n.event_id) AS event_id, t.code AS topic
    FROM topic t JOIN _current USING (revision_id)
    LEFT JOIN report r ON r.report_id = t.report_id AND r.revision_id = t.revision_id
    LEFT JOIN _anchor n ON t.report_id IS NULL AND n.revision_id = t.revision_id
), counted AS (
    SELECT h.pair_id, h.month, s.topic, count(DISTINCT h.root) AS events
    FROM spoken s JOIN _happened h USING (event_id) GROUP BY ALL
), total AS (
    SELECT pair_id, month, count(DISTINCT root) AS events FROM _happened GROUP BY ALL
), published AS (
    SELECT c.side, date_trunc('month', coalesce(c.published_on, (c.published_at AT TIME ZONE 'UTC')::DATE))::DATE AS month,
           count(*) AS articles
    FROM _current c, _retold WHERE shown OR NOT c.synthetic GROUP BY ALL
), grid AS (
    SELECT m.*, k.topic FROM _month m JOIN (SELECT DISTINCT pair_id, topic FROM counted) k USING (pair_id)
)
SELECT g.pair_id, g.month, g.topic,
       CASE WHEN c.events IS NULL AND g.observed > 0 THEN 0 ELSE c.events END AS events,
       c.events / nullif(t.events, 0) AS share, g.observed,
       (SELECT coalesce(sum(p.articles), 0) FROM published p
        WHERE p.month = g.month AND p.side IN (g.pair_id[:3], g.pair_id[5:])) AS articles_read
FROM grid g
LEFT JOIN counted c ON c.pair_id = g.pair_id AND c.month = g.month AND c.topic = g.topic
LEFT JOIN total t ON t.pair_id = g.pair_id AND t.month = g.month;

COMMENT ON VIEW topic_month IS 'How often each topic comes up in the events of a month.';
COMMENT ON COLUMN topic_month.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN topic_month.month IS 'First day of the month.';
COMMENT ON COLUMN topic_month.topic IS 'A code of code_topic.';
COMMENT ON COLUMN topic_month.events IS 'Events whose texts speak of it, a visit with its parts once; NULL: nobody read that month and nothing is known of it.';
COMMENT ON COLUMN topic_month.share IS 'Of all events of the month; NULL when there are none.';
COMMENT ON COLUMN topic_month.observed IS 'Share of the days of the month on which sources of both sides could be read.';
COMMENT ON COLUMN topic_month.articles_read IS 'Documents that sources of either side published in the month.';
