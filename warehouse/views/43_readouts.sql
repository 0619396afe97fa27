-- What each side mentions of a contact, its parts included, and what only one of them does.
-- event_id, item_kind, code, label, topic, value, unit, period, said_by_a, said_by_b, only, quote_a,
--   quote_b, synthetic.
CREATE OR REPLACE VIEW readouts AS
WITH met AS (
    SELECT event_id, pair_id[:3] AS a, pair_id[5:] AS b FROM contacts WHERE len(states) = 2
), member AS (
    SELECT event_id AS part, event_id, a, b FROM met
    UNION ALL
    SELECT r.event_id, m.event_id, m.a, m.b FROM _reading r JOIN met m ON m.event_id = r.parent_event_id
), item AS (
    SELECT coalesce(r.event_id, n.event_id) AS part, 'topic' AS item_kind, t.code, t.code AS label, t.code AS topic,
           NULL::DECIMAL(28, 6) AS value, NULL AS unit, NULL AS period, t.revision_id, t.quote
    FROM topic t LEFT JOIN report r ON r.report_id = t.report_id AND r.revision_id = t.revision_id
    LEFT JOIN _anchor n ON t.report_id IS NULL AND n.revision_id = t.revision_id
    UNION ALL
    SELECT event_id, 'claim', metric, concat_ws(' ', metric, measure, scope), NULL, value_base, base_unit,
           concat_ws('/', period_start, period_end), revision_id, quote
    FROM claims
    UNION ALL
    SELECT s.event_id, 'document', s.type, g.title, g.topic, NULL, NULL, NULL, s.revision_id, s.quote
    FROM _step s JOIN agreements g ON g.agreement_id = s.agreement_id AND g.pair_id = s.states[1] || '-' || s.states[2]
    UNION ALL
    SELECT r.event_id, 'participant', p.actor_id, p.name, NULL, NULL, NULL, NULL, r.revision_id, r.quote
    FROM participant p JOIN report r USING (report_id)
    UNION ALL
    SELECT event_id, 'invitation', coalesce(initiator_iso3, ''), 'invitation', NULL, NULL, NULL, NULL, revision_id, quote
    FROM report WHERE kind = 'invitation'
    UNION ALL
    SELECT event_id, 'initiator', initiator_iso3, 'initiator', NULL, NULL, NULL, NULL, revision_id, quote
    FROM report WHERE initiator_iso3 IS NOT NULL AND kind <> 'invitation'
)
SELECT m.event_id, i.item_kind, i.code, i.label, i.topic, i.value, i.unit, i.period,
       bool_or(c.side = m.a) AS said_by_a, bool_or(c.side = m.b) AS said_by_b,
       CASE WHEN NOT said_by_b THEN m.a WHEN NOT said_by_a THEN m.b END AS "only",
       min(i.quote) FILTER (c.side = m.a) AS quote_a, min(i.quote) FILTER (c.side = m.b) AS quote_b,
       bool_and(c.synthetic) AS synthetic
FROM item i JOIN member m USING (part) JOIN _current c USING (revision_id)
WHERE c.side IN (m.a, m.b)
GROUP BY m.event_id, m.a, m.b, i.item_kind, i.code, i.label, i.topic, i.value, i.unit, i.period;

COMMENT ON VIEW readouts IS 'What each side mentions of a contact, its parts included, and what only one of them does.';
COMMENT ON COLUMN readouts.event_id IS 'The contact.';
COMMENT ON COLUMN readouts.item_kind IS 'topic, claim, document, participant, invitation or initiator.';
COMMENT ON COLUMN readouts.code IS 'Topic, metric, type of document, person or state.';
COMMENT ON COLUMN readouts.label IS 'The item in words.';
COMMENT ON COLUMN readouts.topic IS 'A code of code_topic, where it has one.';
COMMENT ON COLUMN readouts.value IS 'Of a claim, in its base unit.';
COMMENT ON COLUMN readouts.unit IS 'Base unit of the value.';
COMMENT ON COLUMN readouts.period IS 'Of a claim: first and last day.';
COMMENT ON COLUMN readouts.said_by_a IS 'Whether the first state of the pair says it.';
COMMENT ON COLUMN readouts.said_by_b IS 'Whether the second does.';
COMMENT ON COLUMN readouts."only" IS 'The side that alone says it; NULL when both do. A reserved word: write it in double quotes.';
COMMENT ON COLUMN readouts.quote_a IS 'Words of the first state.';
COMMENT ON COLUMN readouts.quote_b IS 'Words of the second.';
COMMENT ON COLUMN readouts.synthetic IS 'True when it rests on retold (demonstration) documents alone.';
