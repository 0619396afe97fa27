-- What people decided, apart from what the machine derived: a copy of the journal's entries. Never edited after release.

CREATE TABLE correction (
    correction_id VARCHAR PRIMARY KEY,
    made_at       TIMESTAMPTZ NOT NULL,
    made_by       VARCHAR,              -- who, where they said so
    action        VARCHAR NOT NULL,     -- note, override, merge, split, forget
    target        VARCHAR NOT NULL,     -- the id that it is about; of a merge, the event that stays
    field         VARCHAR,              -- override: the column
    value         VARCHAR,              -- override: what stands there, NULL: taken back; merge, split: the other event
    note          VARCHAR,
    members       STRUCT(report_id VARCHAR, article_id VARCHAR, kind VARCHAR, start DATE)[] NOT NULL
);
