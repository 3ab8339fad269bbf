-- The Convention and its protocols.
-- Parameters: $day, $lang, $base, $treaty_sections (the names below a treaty in the
-- route table).
SELECT t.number, t.ets_ref AS reference,
       localised(t.title_en, t.title_fr, $lang) AS title,
       localised_lang(t.title_en, t.title_fr, $lang) AS title_lang,
       t.place_opened, t.opened_on, t.entered_into_force_on, t.url, t.consents_complete,
       t.signatures_complete, t.invitations_complete, t.known_until,
       coalesce(p.parties, 0) AS parties,
       treaty_next_change(t.number, $day::date, n.turns) AS next_change_on,
       CASE WHEN c.article IS NOT NULL THEN CASE $lang
         WHEN 'fr' THEN 'Les réserves et déclarations qu’un État a formulées au sujet d’une disposition de la Convention (185) s’appliquent aussi à ce Protocole, sauf déclaration contraire de cet État lors de la signature ou du dépôt de son instrument (article 12, paragraphe 1).'
         ELSE 'The reservations and declarations that a State made to a provision of the Convention (185) also apply to this Protocol, unless the State declared otherwise when it signed or deposited its instrument (Article 12, paragraph 1).'
       END END AS note,
       CASE WHEN c.article IS NOT NULL THEN $lang END AS note_lang,
       t.revision, rfc3339(t.updated_at) AS updated_at,
       source_json(t.source_id) AS source,
       (SELECT json_object_agg(link.name, link.address ORDER BY link.position)
        FROM (SELECT replace(section.name, '-', '_') AS name,
                     concat_ws('/', $base || '/v1/treaties', t.number,
                               nullif(section.name, 'self')) AS address,
                     section.position
              FROM unnest($treaty_sections::text[]) WITH ORDINALITY AS section (name, position)
              UNION ALL
              SELECT 'status', $base || '/v1/status?treaty=' || t.number, NULL) AS link) AS links
FROM treaty AS t
LEFT JOIN treaty_turns($day::date) AS n ON n.treaty = t.number
LEFT JOIN (SELECT s.treaty, count(*) AS parties
           FROM statuses_on($day::date) AS s
           WHERE s.state = 'party' AND s.type = 'state'
           GROUP BY s.treaty) AS p ON p.treaty = t.number
-- The declaration that ends the carry-over of statements to the Convention.
LEFT JOIN enabling_article AS c
  ON c.statement_treaty = t.number AND c.treaty = t.number AND c.article = '12.1'
WHERE true
  -- filter treaty
  AND t.number = ANY ($treaty::text[])
  -- filter source_kind
  AND t.source_id IN (SELECT sources_of($source_kind::text[]))
