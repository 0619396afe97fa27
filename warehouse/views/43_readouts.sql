-- What each side mentions of a contact, its parts included, and what only one of them does.
-- event_id, item_kind, code, label, topic, value, unit, period, said_by_a, said_by_b, only, quote_a,
--   quote_b, synthetic, differs.
CREATE OR REPLACE VIEW readouts AS
-- A figure is said by the other side too when that gives a figure of the same series, be it another one: then it differs.
WITH met AS (
    SELECT event_id, pair_id[:3] AS a, pair_id[5:] AS b FROM contacts WHERE len(states) = 2
), member AS (
    SELECT event_id AS part, event_id, a, b FROM met
    UNION ALL
    SELECT r.event_id, m.event_id, m.a, m.b FROM _reading r JOIN met m ON m.event_id = r.parent_event_id
), item AS (
    SELECT part, 'topic' AS item_kind, code, code AS label, code AS topic,
           NULL::DECIMAL(28, 6) AS value, NULL AS unit, NULL AS period, code AS item, revision_id, quote
    FROM _subject
    UNION ALL
    SELECT s.event_id, 'document', g.type, g.title, g.topic, NULL, NULL, NULL, s.agreement_id, s.revision_id, s.quote
    FROM _named s
    JOIN agreements g ON g.agreement_id = s.agreement_id AND g.pair_id = s.states[1] || '-' || s.states[2]
    UNION ALL
    SELECT r.event_id, 'participant', p.actor_id, p.name, NULL, NULL, NULL, NULL, p.actor_id, r.revision_id, r.quote
    FROM participant p JOIN report r USING (report_id)
    UNION ALL
    -- an invitation is spoken of at the contact that the text is about too
    SELECT event_id, 'invitation', coalesce(initiator_iso3, ''), 'invitation', NULL, NULL, NULL, NULL, '', revision_id, quote
    FROM (SELECT event_id, initiator_iso3, revision_id, quote FROM report WHERE kind = 'invitation'
          UNION
          SELECT n.event_id, r.initiator_iso3, r.revision_id, r.quote
          FROM report r JOIN _anchor n ON n.revision_id = r.revision_id AND n.states = r.states WHERE r.kind = 'invitation')
    UNION ALL
    SELECT event_id, 'initiator', initiator_iso3, 'initiator', NULL, NULL, NULL, NULL, '', revision_id, quote
    FROM report WHERE initiator_iso3 IS NOT NULL AND kind <> 'invitation'
), figure AS (
    SELECT m.event_id, m.a, m.b, f.* EXCLUDE (event_id), concat_ws(' ', f.metric, f.measure, f.scope) AS label,
           concat_ws('/', f.period_start, f.period_end) AS period
    FROM _figure f JOIN member m ON m.part = f.event_id WHERE f.side IN (m.a, m.b)
), answered AS (
    SELECT x.event_id, x.claim_id, bool_or(_agree(x, y)) AS agree, arg_min(y.quote, (NOT _agree(x, y), y.claim_id)) AS quote
    FROM figure x JOIN figure y ON y.event_id = x.event_id AND y.pair_id = x.pair_id AND y.metric = x.metric
         AND y.measure = x.measure AND y.base_unit = x.base_unit AND y.side <> x.side
    WHERE _comparable(x, y) AND (_same_series(x, y) OR _agree(x, y))
    GROUP BY x.event_id, x.claim_id
), told AS (
    SELECT m.event_id, m.a, m.b, i.item_kind, i.code, i.label, i.topic, i.value, i.unit, i.period, i.item, c.side, i.quote,
           c.synthetic, NULL AS agree, NULL AS answer
    FROM item i JOIN member m USING (part) JOIN _current c USING (revision_id)
    WHERE c.side IN (m.a, m.b)
    UNION ALL
    SELECT f.event_id, f.a, f.b, 'claim', f.metric, f.label, NULL, f.value_base, f.base_unit, f.period, '', f.side, f.quote,
           f.synthetic, n.agree, n.quote
    FROM figure f LEFT JOIN answered n ON n.event_id = f.event_id AND n.claim_id = f.claim_id
)
SELECT event_id, item_kind, code, label, topic, value, unit, period,
       bool_or(side = a OR agree IS NOT NULL) AS said_by_a, bool_or(side = b OR agree IS NOT NULL) AS said_by_b,
       CASE WHEN NOT said_by_b THEN a WHEN NOT said_by_a THEN b END AS "only",
       coalesce(min(quote) FILTER (side = a), min(answer) FILTER (side = b)) AS quote_a,
       coalesce(min(quote) FILTER (side = b), min(answer) FILTER (side = a)) AS quote_b,
       bool_and(synthetic) AS synthetic,
       coalesce(bool_and(NOT agree) AND count(DISTINCT side) = 1, false) AS differs
FROM told
GROUP BY event_id, a, b, item_kind, code, label, topic, value, unit, period, item;

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
COMMENT ON COLUMN readouts.differs IS 'Of a figure: the other side gives another one of the same metric, measure and period, beyond the tolerance; quote_a and quote_b hold both.';
