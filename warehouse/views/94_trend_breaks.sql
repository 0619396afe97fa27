-- Quarters whose contacts lie outside what is usual; no rows yet: a later stage.
-- quarter, level, contacts, expected, low, high, observed.
CREATE OR REPLACE MACRO trend_breaks(p) AS TABLE
SELECT NULL::DATE AS quarter, NULL::VARCHAR AS level, NULL::BIGINT AS contacts, NULL::DOUBLE AS expected,
       NULL::BIGINT AS low, NULL::BIGINT AS high, NULL::DOUBLE AS observed
FROM _watched WHERE pair_id = p AND false;

COMMENT ON MACRO TABLE trend_breaks IS 'Quarters whose contacts lie outside what is usual; no rows yet: a later stage.';
