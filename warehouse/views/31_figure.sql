-- Each figure with what its words allow, and the contact that it was named at: no contract.
-- claim_id, pair_id, metric, measure, scope, base_unit, value_base, low, high, tolerance, period_start, period_end,
--   of_event, root, side, speaker, source_id, revision_id, event_id, quote, synthetic.
CREATE OR REPLACE MACRO _unit(value) AS
    -- the unit of the last digit that counts: 0.1 of 4.1, 100 of 1700
    CASE WHEN contains(regexp_replace(value::VARCHAR, '\.?0+$', ''), '.')
         THEN 10.0 ^ -length(split_part(regexp_replace(value::VARCHAR, '\.?0+$', ''), '.', 2))
         ELSE 10.0 ^ length(regexp_extract(regexp_replace(value::VARCHAR, '\.?0+$', ''), '0*$')) END;

COMMENT ON MACRO _unit IS 'The unit of the last digit of a figure that counts: 0.1 of 4.1, 100 of 1700: no contract.';

CREATE OR REPLACE VIEW _figure AS
-- "More than 4 bn" reaches to 5 bn, "more than 1.2" to 1.3: whoever means more says so. "About" is as exact as the
-- tolerance of the metric, and half a unit where that is nothing.
WITH said AS (
    SELECT c.*, coalesce(m.tolerance, 0) AS tolerance, coalesce(m.scope = 'event', false) AS of_event,
           value_base::DOUBLE AS exact, _unit(c.value) * coalesce(value_base::DOUBLE / nullif(c.value, 0)::DOUBLE, 1) AS unit_base,
           coalesce(r.parent_event_id, c.event_id) AS root
    FROM claims c LEFT JOIN code_metric m ON m.code = c.metric LEFT JOIN _reading r ON r.event_id = c.event_id
)
SELECT claim_id, pair_id, metric, measure, scope, base_unit, value_base,
       exact - CASE WHEN comparator = '<' THEN unit_base WHEN comparator = '~' AND tolerance = 0 THEN unit_base / 2 ELSE 0 END AS low,
       greatest(exact * coalesce(value_high / nullif(value, 0), 1),
                exact + CASE WHEN comparator = '>' THEN unit_base WHEN comparator = '~' AND tolerance = 0 THEN unit_base / 2
                             ELSE 0 END) AS high,
       tolerance, period_start, period_end, of_event, root, side, speaker, source_id, revision_id, event_id, quote, synthetic
FROM said WHERE pair_id IS NOT NULL;

COMMENT ON VIEW _figure IS 'Each figure with what its words allow, and the contact that it was named at: no contract.';
COMMENT ON COLUMN _figure.claim_id IS 'The claim.';
COMMENT ON COLUMN _figure.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN _figure.metric IS 'A code of code_metric.';
COMMENT ON COLUMN _figure.measure IS 'level, growth, multiple, share, stock or target.';
COMMENT ON COLUMN _figure.scope IS 'Of whom and where: RUS in KGZ.';
COMMENT ON COLUMN _figure.base_unit IS 'Unit of value_base.';
COMMENT ON COLUMN _figure.value_base IS 'The figure in base units.';
COMMENT ON COLUMN _figure.low IS 'The least that the words allow, in base units.';
COMMENT ON COLUMN _figure.high IS 'The most that the words allow, in base units.';
COMMENT ON COLUMN _figure.tolerance IS 'Share by which two figures of the metric may differ and still agree.';
COMMENT ON COLUMN _figure.period_start IS 'First day of the period; NULL: none is given.';
COMMENT ON COLUMN _figure.period_end IS 'Last day of the period.';
COMMENT ON COLUMN _figure.of_event IS 'Whether the metric counts something of one event, such as the documents signed.';
COMMENT ON COLUMN _figure.root IS 'The event that the text is about, or the visit that this is a part of.';
COMMENT ON COLUMN _figure.side IS 'The state that the publisher speaks for; NULL for an agency.';
COMMENT ON COLUMN _figure.speaker IS 'Who says it; NULL: the text itself.';
COMMENT ON COLUMN _figure.source_id IS 'Whose document it is.';
COMMENT ON COLUMN _figure.revision_id IS 'The text that says it.';
COMMENT ON COLUMN _figure.event_id IS 'The event that the text is about.';
COMMENT ON COLUMN _figure.quote IS 'The words of the text.';
COMMENT ON COLUMN _figure.synthetic IS 'Whether the document is a retelling.';
