-- Articles that have no newest text, or more than one.
-- article_id, newest.
SELECT a.article_id, count(v.revision_id) AS newest
FROM article a LEFT JOIN revision v ON v.article_id = a.article_id AND v.is_newest
GROUP BY a.article_id
HAVING newest <> 1
