-- Changes of the dataset, in commit order.
-- Parameters: $day, $lang, $base.
SELECT c.revision || '-' || c.ordinal AS id,
       c.revision, c.ordinal, rfc3339(c.recorded_at) AS recorded_at,
       r.operation, c.kind, c.by, r.resource, w.record, w.part,
       c.country,
       localised(k.name_en, k.name_fr, $lang) AS country_name,
       c.treaty, c.replaced_by,
       concat(CASE r.operation
                WHEN 'create' THEN CASE $lang WHEN 'fr' THEN 'Ajout : ' ELSE 'Added: ' END
                WHEN 'update' THEN CASE $lang WHEN 'fr' THEN 'Modification : ' ELSE 'Changed: ' END
                ELSE CASE $lang WHEN 'fr' THEN 'Suppression : ' ELSE 'Retracted: ' END
              END,
              CASE $lang WHEN 'fr' THEN n.fr ELSE n.en END, ' ', w.record,
              ' (' || localised(k.name_en, k.name_fr, $lang) || ')',
              CASE $lang WHEN 'fr' THEN ' : ' ELSE ': ' END || w.part) AS title,
       $lang::text AS title_lang,
       CASE c.operation WHEN 'update' THEN changed_members(s.before, s.after) ELSE '{}' END AS changed,
       s.before::json AS before, s.after::json AS after,
       json_build_object(
         'self', $base || '/v1/changes/' || c.revision || '-' || c.ordinal,
         'record', $base || a.collection || substr(w.record, a.skipped + 1),
         'replaced_by', $base || a.collection || substr(c.replaced_by, a.skipped + 1),
         'country', $base || '/v1/countries/' || c.country,
         'treaty', $base || '/v1/treaties/' || c.treaty) AS links
FROM change AS c
LEFT JOIN country AS k ON k.code = c.country
-- A change of a part is an update of its whole: the whole is neither created nor retracted.
CROSS JOIN LATERAL (
  SELECT CASE c.relation
           WHEN 'statement_article' THEN 'statement'
           WHEN 'strategy_priority' THEN 'strategy'
           WHEN 'strategy_goal' THEN 'strategy'
           WHEN 'strategy_document' THEN 'strategy'
           WHEN 'court_case_article' THEN 'court_case'
           WHEN 'country_name' THEN 'country'
           WHEN 'membership' THEN 'country'
           WHEN 'article_text' THEN 'article'
           WHEN 'statement_register' THEN 'status'
           WHEN 'territory_effect' THEN 'status'
           ELSE c.relation
         END AS whole,
         CASE c.relation
           WHEN 'statement_article' THEN 'articles'
           WHEN 'strategy_priority' THEN 'priorities'
           WHEN 'strategy_goal' THEN 'goals'
           WHEN 'strategy_document' THEN 'documents'
           WHEN 'court_case_article' THEN 'articles'
           WHEN 'country_name' THEN 'names'
           WHEN 'membership' THEN 'memberships'
           WHEN 'article_text' THEN 'texts'
           WHEN 'statement_register' THEN 'statement_register'
           WHEN 'territory_effect' THEN 'territory_effect'
         END AS part,
         -- Registers and effects have identifiers, but are parts of a row of status.
         CASE WHEN c.relation IN ('statement_register', 'territory_effect')
                THEN c.country || '-' || c.treaty
              ELSE c.record END AS record) AS w
CROSS JOIN LATERAL (
  SELECT change_operation(c.relation, c.operation) AS operation,
         CASE w.whole
           WHEN 'country' THEN 'countries'
           WHEN 'treaty' THEN 'treaties'
           WHEN 'authority' THEN 'authorities'
           WHEN 'strategy' THEN 'strategies'
           WHEN 'court_case' THEN 'case_law'
           WHEN 'status' THEN 'status'
           ELSE w.whole || 's'
         END AS resource) AS r
CROSS JOIN LATERAL (
  SELECT CASE w.whole
           WHEN 'action' THEN 'treaty act'
           WHEN 'court_case' THEN 'court decision'
           ELSE replace(w.whole, '_', ' ')
         END AS en,
         CASE w.whole
           WHEN 'action' THEN 'acte relatif à un traité'
           WHEN 'authority' THEN 'autorité'
           WHEN 'country' THEN 'pays'
           WHEN 'court_case' THEN 'décision de justice'
           WHEN 'legal_provision' THEN 'disposition légale'
           WHEN 'reference' THEN 'référence'
           WHEN 'statement' THEN 'déclaration ou réserve'
           WHEN 'status' THEN 'statut'
           WHEN 'strategy' THEN 'stratégie'
           WHEN 'tool' THEN 'outil'
           WHEN 'treaty' THEN 'traité'
           ELSE w.whole
         END AS fr) AS n
-- An article's identifier in `change` begins with its treaty, which is a segment of its address.
CROSS JOIN LATERAL (
  SELECT CASE w.whole
           WHEN 'article' THEN '/v1/treaties/' || c.treaty || '/articles/'
           ELSE '/v1/' || replace(r.resource, '_', '-') || '/'
         END AS collection,
         CASE w.whole WHEN 'article' THEN length(c.treaty) + 1 ELSE 0 END AS skipped) AS a
-- OFFSET 0 keeps the planner from repeating these expensive calls wherever they are named.
CROSS JOIN LATERAL (
  SELECT public_row(c.relation, c.before) AS before,
         public_row(c.relation, c.after) AS after
  OFFSET 0) AS s
WHERE true
  -- filter country
  AND c.country = ANY ($country::text[])
  -- filter region
  AND c.country IN (SELECT countries_in($region::text[]))
  -- filter member_of
  AND c.country IN (SELECT members_on($member_of::text[], $day::date))
  -- filter treaty
  AND c.treaty = ANY ($treaty::text[])
  -- filter kind
  AND c.kind = ANY ($kind::text[])
  -- filter operation
  AND r.operation = ANY ($operation::text[])
  -- filter resource
  AND r.resource = ANY ($resource::text[])
  -- filter record
  AND (c.record = $record::text OR (c.country = split_part($record::text, '-', 1)
         AND c.treaty = split_part($record::text, '-', 2)
         AND c.relation IN ('statement_register', 'territory_effect')))
  -- filter after_revision
  AND c.revision > $after_revision::bigint
