-- The base tables of the warehouse: evidence, what was derived from it, and the outbox of alerts.
-- People read the views; only the loader reads and writes these tables. This file is never edited after release.
-- No foreign keys (they would forbid updates of rows that others refer to): checks/*.sql say what must hold.

-- Small facts about the file itself: schema version, watched pairs (JSON), rules, times, counter of changes.
CREATE TABLE setting (
    key   VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);

-- One row a source of sources.yaml, or a source that only documents name (then enabled is false).
CREATE TABLE source (
    source_id      VARCHAR PRIMARY KEY,
    country        VARCHAR,              -- alpha-3, the side; NULL for an agency
    publisher      VARCHAR NOT NULL,
    publisher_en   VARCHAR,
    publisher_kind VARCHAR,
    is_primary     BOOLEAN NOT NULL,
    lang           VARCHAR,
    licence        VARCHAR,
    network        BOOLEAN NOT NULL,     -- read over the network, not from files
    enabled        BOOLEAN NOT NULL,
    every_minutes  INTEGER,
    expected_items INTEGER,
    expected_days  INTEGER
);

-- ── evidence: append-only ───────────────────────────────────────────────────────────────────────

CREATE TABLE poll (
    poll_id     VARCHAR PRIMARY KEY,
    run_id      VARCHAR NOT NULL,
    source_id   VARCHAR NOT NULL,
    started_at  TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ NOT NULL,
    state       VARCHAR NOT NULL,        -- a code of fetch_state
    reason      VARCHAR NOT NULL,        -- empty when the state is ok
    pages       INTEGER NOT NULL,
    skipped     STRUCT(item VARCHAR, reason VARCHAR)[] NOT NULL
);

CREATE TABLE article (
    article_id    VARCHAR PRIMARY KEY,
    source_id     VARCHAR NOT NULL,      -- whose document it is; for a retelling, the source that is retold
    polled_as     VARCHAR NOT NULL,      -- the source that brought it
    key           VARCHAR NOT NULL,      -- identity inside the source
    url           VARCHAR NOT NULL,
    lang          VARCHAR NOT NULL,
    work_id       VARCHAR,               -- joins the languages of one document
    side          VARCHAR,
    is_primary    BOOLEAN NOT NULL,
    synthetic     BOOLEAN NOT NULL,      -- a retelling, written for demonstration
    first_seen_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE revision (
    revision_id         VARCHAR PRIMARY KEY,
    article_id          VARCHAR NOT NULL,
    number              INTEGER NOT NULL,      -- in the order in which the texts were first seen
    is_newest           BOOLEAN NOT NULL,      -- the text that the page shows now; true for one revision an article
    seen_at             TIMESTAMPTZ NOT NULL,
    current_from        TIMESTAMPTZ NOT NULL,  -- later than seen_at when an older text came back
    title               VARCHAR NOT NULL,
    text                VARCHAR NOT NULL,
    body_start          INTEGER NOT NULL,
    sha256              VARCHAR NOT NULL,      -- of the text
    page_sha256         VARCHAR NOT NULL,      -- of the newest page that gave this text
    published_at        TIMESTAMPTZ,           -- NULL: the page gives no time
    published_on        DATE,
    published_precision VARCHAR NOT NULL,      -- day, month, year, unknown
    place               VARCHAR,
    detector            VARCHAR NOT NULL,      -- the rules that read it last
    read_at             TIMESTAMPTZ NOT NULL
);

-- ── derived: replaced when the rules change ─────────────────────────────────────────────────────

CREATE TABLE report (
    report_id      VARCHAR NOT NULL,
    event_id       VARCHAR,              -- NULL: recalled or hypothetical, without an event
    revision_id    VARCHAR NOT NULL,
    kind           VARCHAR NOT NULL,
    modality       VARCHAR NOT NULL,
    states         VARCHAR[] NOT NULL,
    start_date     DATE,
    date_precision VARCHAR NOT NULL,     -- of start_date; unknown when there is none
    end_date       DATE,                 -- NULL: the text gives no range
    end_precision  VARCHAR NOT NULL,
    date_basis     VARCHAR,
    place          VARCHAR,
    place_iso3     VARCHAR,
    host_iso3      VARCHAR,
    initiator_iso3 VARCHAR,
    margins_of     VARCHAR,
    is_main        BOOLEAN NOT NULL,
    span_start     INTEGER NOT NULL,
    span_end       INTEGER NOT NULL,
    quote          VARCHAR NOT NULL,
    rule           VARCHAR NOT NULL,
    confidence     DOUBLE NOT NULL
);

CREATE TABLE participant (
    report_id VARCHAR NOT NULL,
    actor_id  VARCHAR NOT NULL,
    name      VARCHAR NOT NULL,
    role      VARCHAR NOT NULL,
    side      VARCHAR,
    office    VARCHAR,
    level     VARCHAR
);

CREATE TABLE document (
    document_id    VARCHAR NOT NULL,
    agreement_id   VARCHAR NOT NULL,     -- which document of the world this mention means
    revision_id    VARCHAR NOT NULL,
    type           VARCHAR NOT NULL,
    status         VARCHAR NOT NULL,
    states         VARCHAR[] NOT NULL,
    status_date    DATE,
    date_precision VARCHAR NOT NULL,
    title          VARCHAR NOT NULL,
    topic          VARCHAR,
    amends         VARCHAR,
    span_start     INTEGER NOT NULL,
    span_end       INTEGER NOT NULL,
    quote          VARCHAR NOT NULL,
    rule           VARCHAR NOT NULL,
    confidence     DOUBLE NOT NULL
);

CREATE TABLE claim (
    claim_id         VARCHAR NOT NULL,
    revision_id      VARCHAR NOT NULL,
    metric           VARCHAR NOT NULL,
    measure          VARCHAR NOT NULL,
    comparator       VARCHAR NOT NULL,
    value            DECIMAL(28, 6) NOT NULL,  -- as printed, in `unit`
    value_high       DECIMAL(28, 6),           -- of a range
    unit             VARCHAR NOT NULL,
    value_base       DECIMAL(28, 6) NOT NULL,  -- in `base_unit`
    base_unit        VARCHAR NOT NULL,
    period_start     DATE,
    period_end       DATE,
    period_precision VARCHAR NOT NULL,
    base_period      VARCHAR,
    scope            VARCHAR,
    states           VARCHAR[] NOT NULL,
    speaker          VARCHAR,
    statistics_of    VARCHAR,
    span_start       INTEGER NOT NULL,
    span_end         INTEGER NOT NULL,
    quote            VARCHAR NOT NULL,
    rule             VARCHAR NOT NULL,
    confidence       DOUBLE NOT NULL
);

CREATE TABLE topic (
    revision_id VARCHAR NOT NULL,
    report_id   VARCHAR,                 -- NULL: of the whole text
    code        VARCHAR NOT NULL,
    span_start  INTEGER NOT NULL,
    span_end    INTEGER NOT NULL,
    quote       VARCHAR NOT NULL
);

-- ── what is believed of each event: append-only, the newest version holds ───────────────────────

CREATE TABLE event_version (
    event_id        VARCHAR NOT NULL,
    version         INTEGER NOT NULL,
    recorded_at     TIMESTAMPTZ NOT NULL,
    run_id          VARCHAR NOT NULL,
    cause           VARCHAR NOT NULL,    -- new, reports, merged, retracted
    merged_into     VARCHAR,             -- the id that this one became
    kind            VARCHAR NOT NULL,
    level           VARCHAR,
    mode            VARCHAR,
    status          VARCHAR NOT NULL,
    states          VARCHAR[] NOT NULL,
    start_date      DATE,
    date_precision  VARCHAR NOT NULL,
    end_date        DATE,
    end_precision   VARCHAR NOT NULL,
    place           VARCHAR,
    place_iso3      VARCHAR,
    parent_event_id VARCHAR,
    host_iso3       VARCHAR,
    initiator_iso3  VARCHAR,
    margins_of      VARCHAR,
    title           VARCHAR NOT NULL,
    confidence      DOUBLE NOT NULL,
    PRIMARY KEY (event_id, version)
);

-- ── the outbox ──────────────────────────────────────────────────────────────────────────────────

CREATE TABLE alert (
    alert_id    VARCHAR PRIMARY KEY,     -- stands for rule and key: one alert a fact
    run_id      VARCHAR NOT NULL,
    rule        VARCHAR NOT NULL,
    tier        VARCHAR NOT NULL,
    key         VARCHAR NOT NULL,
    thread      VARCHAR NOT NULL,        -- alerts about one matter share it
    pair_id     VARCHAR,
    event_id    VARCHAR,
    revision_id VARCHAR,
    raised_at   TIMESTAMPTZ NOT NULL,
    title       VARCHAR NOT NULL,
    reason      VARCHAR NOT NULL,        -- the sentence and its address, or what failed
    acked_at    TIMESTAMPTZ
);

CREATE TABLE delivery (
    alert_id     VARCHAR NOT NULL,
    channel      VARCHAR NOT NULL,
    state        VARCHAR NOT NULL,       -- a code of delivery_state
    attempts     INTEGER NOT NULL,
    last_error   VARCHAR,
    next_try_at  TIMESTAMPTZ,
    delivered_at TIMESTAMPTZ,
    PRIMARY KEY (alert_id, channel)
);
