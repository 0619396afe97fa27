-- The ledger of documents between two states, one row a document and pair, with how far it has come.
-- agreement_id, pair_id, type, binding, level, title, topic, status, signed_on, ratified_a_on,
--   ratified_b_on, in_force_on, ended_on, event_id, synthetic.
CREATE OR REPLACE VIEW agreements AS
-- A joint statement that names no subject is about the relations of the two.
WITH paired AS (
    SELECT *, unnest(flatten([[a || '-' || b for b in states if a < b] for a in states])) AS pair_id,
           list_position(['recalled', 'planned', 'signed', 'submitted', 'ratified', 'in_force', 'terminated'], status) AS far
    FROM _step
)
SELECT d.agreement_id, d.pair_id, mode(d.type ORDER BY d.type) AS type, any_value(t.binding ORDER BY d.type) AS binding,
       NULL::VARCHAR AS level,
       arg_min(d.title, (d.lang <> 'en', NOT d.is_primary, -length(d.title), d.title)) AS title,
       coalesce(mode(d.topic ORDER BY d.topic),
                CASE WHEN bool_and(d.type IN ('joint_statement', 'declaration', 'communique')) THEN 'politics.alliance' END) AS topic,
       arg_max(d.status, d.far) AS status,
       min(d.status_date) FILTER (d.status = 'signed') AS signed_on,
       min(d.status_date) FILTER (d.status = 'ratified' AND d.side = d.pair_id[:3]) AS ratified_a_on,
       min(d.status_date) FILTER (d.status = 'ratified' AND d.side = d.pair_id[5:]) AS ratified_b_on,
       min(d.status_date) FILTER (d.status = 'in_force') AS in_force_on,
       min(d.status_date) FILTER (d.status = 'terminated') AS ended_on,
       arg_max(d.event_id, (d.status = 'signed', d.is_primary, d.event_id)) AS event_id,
       bool_and(d.synthetic) AS synthetic
FROM paired d LEFT JOIN code_agreement_type t ON t.code = d.type
GROUP BY d.agreement_id, d.pair_id;

COMMENT ON VIEW agreements IS 'The ledger of documents between two states, one row a document and pair, with how far it has come.';
COMMENT ON COLUMN agreements.agreement_id IS 'The document.';
COMMENT ON COLUMN agreements.pair_id IS 'The two states in order, a the first: KGZ-RUS.';
COMMENT ON COLUMN agreements.type IS 'A code of code_agreement_type.';
COMMENT ON COLUMN agreements.binding IS 'binding, political or unclear: of the type.';
COMMENT ON COLUMN agreements.level IS 'interstate, intergovernmental …; NULL: the texts do not say.';
COMMENT ON COLUMN agreements.title IS 'Title as printed, in English where a text in English has it.';
COMMENT ON COLUMN agreements.topic IS 'A code of code_topic.';
COMMENT ON COLUMN agreements.status IS 'The furthest step: recalled, planned, signed, submitted, ratified, in_force, terminated.';
COMMENT ON COLUMN agreements.signed_on IS 'Day of signing.';
COMMENT ON COLUMN agreements.ratified_a_on IS 'Day on which the first state of the pair ratified, as its own publishers report.';
COMMENT ON COLUMN agreements.ratified_b_on IS 'The same of the second state.';
COMMENT ON COLUMN agreements.in_force_on IS 'Day of entry into force.';
COMMENT ON COLUMN agreements.ended_on IS 'Day on which it ended.';
COMMENT ON COLUMN agreements.event_id IS 'The ceremony or event at which it was signed.';
COMMENT ON COLUMN agreements.synthetic IS 'True when it rests on retold (demonstration) documents alone.';
