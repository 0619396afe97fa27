-- Figures about the relations of states, each with who says it and the sentence; disagreement stays visible.
-- claim_id, pair_id, metric, measure, comparator, value, value_high, unit, value_base, base_unit,
--   period_start, period_end, base_period, scope, speaker, statistics_of, source_id, side, is_primary,
--   url, claimed_on, event_id, span_start, span_end, quote, rule, confidence, synthetic, revision_id.
CREATE OR REPLACE VIEW claims AS
SELECT m.claim_id, CASE WHEN len(m.states) = 2 THEN m.states[1] || '-' || m.states[2] END AS pair_id,
       m.metric, m.measure, m.comparator, m.value, m.value_high, m.unit, m.value_base, m.base_unit,
       m.period_start, m.period_end, m.base_period, m.scope, m.speaker, m.statistics_of,
       c.source_id, c.side, c.is_primary, c.url, c.published_on AS claimed_on, n.event_id,
       m.span_start, m.span_end, m.quote, m.rule, m.confidence, c.synthetic, m.revision_id
FROM claim m JOIN _current c USING (revision_id)
LEFT JOIN _anchor n ON n.revision_id = m.revision_id AND n.states = m.states;

COMMENT ON VIEW claims IS 'Figures about the relations of states, each with who says it and the sentence; disagreement stays visible.';
COMMENT ON COLUMN claims.claim_id IS 'The claim.';
COMMENT ON COLUMN claims.pair_id IS 'The two states in order; NULL when it is about more than two.';
COMMENT ON COLUMN claims.metric IS 'A code of code_metric.';
COMMENT ON COLUMN claims.measure IS 'level, growth, multiple, share, stock or target.';
COMMENT ON COLUMN claims.comparator IS '= as told, ~ about, > more than, < less than.';
COMMENT ON COLUMN claims.value IS 'As printed, in unit.';
COMMENT ON COLUMN claims.value_high IS 'Upper end of a range.';
COMMENT ON COLUMN claims.unit IS 'As printed: bn USD, pct, count.';
COMMENT ON COLUMN claims.value_base IS 'The value in base_unit; per cent stays per cent.';
COMMENT ON COLUMN claims.base_unit IS 'USD, pct, count …: currencies are never converted.';
COMMENT ON COLUMN claims.period_start IS 'First day that the figure is about.';
COMMENT ON COLUMN claims.period_end IS 'Last day that the figure is about.';
COMMENT ON COLUMN claims.base_period IS 'What growth is measured against.';
COMMENT ON COLUMN claims.scope IS 'KGZ+RUS, RUS in KGZ …';
COMMENT ON COLUMN claims.speaker IS 'Who says it; NULL: the text itself.';
COMMENT ON COLUMN claims.statistics_of IS 'Whose statistics it is, where the text says.';
COMMENT ON COLUMN claims.source_id IS 'Whose document it is.';
COMMENT ON COLUMN claims.side IS 'The state that the publisher speaks for, alpha-3; NULL for an agency.';
COMMENT ON COLUMN claims.is_primary IS 'Whether the publisher speaks for a state itself; never for a retelling.';
COMMENT ON COLUMN claims.url IS 'Address of the document.';
COMMENT ON COLUMN claims.claimed_on IS 'Day of publication.';
COMMENT ON COLUMN claims.event_id IS 'The event that the text is about.';
COMMENT ON COLUMN claims.span_start IS 'First character in the text of the revision.';
COMMENT ON COLUMN claims.span_end IS 'Character after the last.';
COMMENT ON COLUMN claims.quote IS 'The words of the text, from span_start to span_end.';
COMMENT ON COLUMN claims.rule IS 'The rule that found it.';
COMMENT ON COLUMN claims.confidence IS 'How sure the rule is, 0 to 1.';
COMMENT ON COLUMN claims.synthetic IS 'Whether the document is a retelling.';
COMMENT ON COLUMN claims.revision_id IS 'The text that says it.';
