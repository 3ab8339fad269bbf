// English and French.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';

const client = Client.shared();

test('negotiates the language from Accept-Language', async () => {
  const cases: [string, 'en' | 'fr'][] = [
    ['fr', 'fr'],
    ['FR', 'fr'],
    ['fr-CA', 'fr'],
    ['fr-CA, en;q=0.9', 'fr'],
    ['de', 'en'],
    ['de, fr;q=0.5', 'fr'],
    ['*', 'en'],
    ['fr;q=0.5, en;q=0.6', 'en'],
    ['en;q=0.5, fr;q=0.6', 'fr'],
    ['en;q=0, fr;q=0.1', 'fr'],
    ['fr;q=0', 'en'],
    ['en;q=0, *', 'fr'],
    ['fr;q=0.5, *;q=0.1', 'fr'],
    ['', 'en'],
    [';;;', 'en'],
    ['fr;q=abc', 'en'],
    ['french', 'en'],
    ['fr;q=1.000', 'fr'],
    [' fr ; q=0.9 , en ; q=0.8', 'fr'],
  ];

  for (const [header, language] of cases) {
    const response = await client.send('/v1/countries/NO', {
      headers: { 'Accept-Language': header },
    });
    assert.equal(response.headers['content-language'], language, header);
    assert.equal(response.json()['meta'].language, language, header);
    assert.equal(response.json()['data'].name, language === 'fr' ? 'Norvège' : 'Norway', header);
  }
});

test('prefers lang to Accept-Language and returns 400 for an unknown language', async () => {
  const response = await client.send('/v1/countries/NO?lang=fr', {
    headers: { 'Accept-Language': 'en' },
  });
  assert.equal(response.headers['content-language'], 'fr');
  await client.problem(400, '/v1/countries/NO?lang=xx');
  await client.problem(400, '/v1/countries/NO?lang=FR');
});

test('marks the language of a text that exists in one language', async () => {
  // No source shows the French title of Article 36; its summary is in both languages.
  const { data } = await client.call('getTreatyArticle', {
    path: { number: '185', article: '36' },
    query: { lang: 'fr' },
  });
  assert.deepEqual(
    [data.title, data.title_lang, data.summary_lang],
    ['Signature and entry into force', 'en', 'fr'],
  );

  const treaty = await client.call('getTreaty', { path: { number: '185' }, query: { lang: 'fr' } });
  assert.deepEqual(
    [treaty.data.title, treaty.data.title_lang],
    ['Convention sur la cybercriminalité', 'fr'],
  );
});

test('returns a reason in either language', async () => {
  for (const lang of ['en', 'fr'] as const) {
    const { data } = await client.call('getStatus', {
      path: { id: 'IL-185' },
      query: { lang, as_of: '2014-06-01' },
    });
    assert.equal(data.state, 'unknown');
    assert.equal(data.reason_lang, lang);
  }
});

test('returns the disclaimer of a profile in the requested language', async () => {
  const texts = await Promise.all(
    (['en', 'fr'] as const).map(
      async (lang) =>
        (await client.call('getCountryProfile', { path: { code: 'NO' }, query: { lang } })).data
          .disclaimer.text,
    ),
  );
  assert.notEqual(texts[0], texts[1]);
});
