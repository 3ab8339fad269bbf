-- How to share newer information. Parameter: $lang.
SELECT CASE $lang
         WHEN 'fr' THEN 'Une information plus récente ou une erreur ? Signalez-la à l’exploitant de ce service avec un lien vers la source officielle ; les autorités d’un État s’adressent au Conseil de l’Europe, qui tient les fiches de pays Octopus.'
         ELSE 'Is something out of date or wrong? Tell the operator of this service, with a link to the official source. Authorities of a State should contact the Council of Europe, which maintains the Octopus country pages.'
       END AS text,
       $lang AS text_lang,
       'https://www.coe.int/en/web/octopus/country-wiki' AS url
