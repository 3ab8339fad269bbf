-- The disclaimer. Parameter: $lang.
SELECT CASE $lang
         WHEN 'fr' THEN 'Compilation indépendante de sources publiques, chacune citée. Elle n’engage ni le Conseil de l’Europe ni les États concernés, et ne remplace ni les textes officiels ni l’avis du dépositaire. Ce qui est inconnu est nul, jamais « non ». « bound » suit les actes connus jusqu’à « known_until » : des actes plus récents peuvent manquer.'
         ELSE 'An independent compilation of public sources, each of which is named. It does not bind the Council of Europe or the States concerned, and replaces neither the official texts nor the notices of the depositary. What is unknown is null, never "no". "bound" follows the acts known up to "known_until": newer acts may be missing.'
       END AS text,
       $lang AS text_lang,
       'https://www.coe.int/en/web/conventions/full-list?module=treaty-detail&treatynum=185' AS official_url
