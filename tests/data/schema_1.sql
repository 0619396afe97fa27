-- Rows in every table of schema 1, as a program of that day wrote them.
INSERT OR REPLACE INTO setting VALUES ('schema', '1'), ('watched_pairs', '["KGZ-RUS"]'), ('rules', 'abc'), ('changes', '3'),
    ('loaded_at', '2025-11-26T18:00:00+00:00');
INSERT INTO source VALUES ('kremlin-en', 'RUS', 'Президент России', 'President of Russia', 'head_of_state', true, 'en',
    'CC BY 4.0', true, true, 30, 1, 7);
INSERT INTO poll VALUES ('o1', 'n1', 'kremlin-en', '2025-11-26 18:00+00', '2025-11-26 18:01+00', 'ok', '', 1,
    [{'item': 'http://x.example/2', 'reason': 'no text'}]);
INSERT INTO article VALUES ('a1', 'kremlin-en', 'kremlin-en', '1', 'http://x.example/1', 'en', 'kremlin:1', 'RUS', true, false,
    '2025-11-26 18:00+00');
INSERT INTO revision VALUES ('r1', 'a1', 1, true, '2025-11-26 18:00+00', '2025-11-26 18:00+00', 'Talks', E'Talks\nThey met.', 6,
    'sha', 'page', '2025-11-26 14:00+00', '2025-11-26', 'day', 'Bishkek', 'abc', '2025-11-26 18:00+00');
INSERT INTO report VALUES ('p1', 'e1', 'r1', 'talks', 'asserted', ['KGZ', 'RUS'], '2025-11-26', 'day', NULL, 'unknown', 'stated',
    'Bishkek', 'KGZ', 'KGZ', NULL, NULL, true, 6, 14, 'They met', 'talks.en', 0.9);
INSERT INTO participant VALUES ('p1', 'vladimir-putin', 'Vladimir Putin', 'visitor', 'RUS', 'president', 'head_of_state');
INSERT INTO document VALUES ('d1', 'g1', 'r1', 'agreement', 'signed', ['KGZ', 'RUS'], '2025-11-26', 'day', 'They', NULL, NULL,
    6, 10, 'They', 'document.en', 0.8);
INSERT INTO claim VALUES ('c1', 'r1', 'trade.turnover', 'level', '=', 4.1, NULL, 'bn USD', 4100000000, 'USD', '2024-01-01',
    '2024-12-31', 'year', NULL, 'KGZ+RUS', ['KGZ', 'RUS'], NULL, NULL, 6, 10, 'They', 'claim.en', 0.8);
INSERT INTO topic VALUES ('r1', 'p1', 'economy.trade', 6, 10, 'They');
INSERT INTO event_version VALUES ('e1', 1, '2025-11-26 18:00+00', 'n1', 'new', NULL, 'talks', 'head_of_state', 'in_person',
    'confirmed', ['KGZ', 'RUS'], '2025-11-26', 'day', NULL, 'unknown', 'Bishkek', 'KGZ', NULL, 'KGZ', NULL, NULL,
    'Talks: KGZ and RUS, Bishkek', 0.9);
INSERT INTO alert VALUES ('n1', 'n1', 'contact-held', 'notify', 'e1', 'e1', 'KGZ-RUS', 'e1', 'r1', '2025-11-26 18:00+00', 'Talks',
    '«They met.» — kremlin-en', NULL);
INSERT INTO delivery VALUES ('n1', 'log', 'sent', 1, NULL, NULL, '2025-11-26 18:01+00');
