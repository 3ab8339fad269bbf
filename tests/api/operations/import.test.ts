// `cybertreaty import` rejects invalid input: it reports every problem with its location and changes nothing.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Cluster } from '../support/database.js';
import {
  Folder,
  TABLES,
  content,
  load,
  loaded,
  newPath,
  refused,
} from '../support/dataset_folder.js';
import { data } from '../support/paths.js';

const cluster = Cluster.shared();
const whole = await cluster.database('imported');
after(() => cluster.drop(whole));

test('changes nothing on a second run', async () => {
  const before = await content(cluster, whole);
  const { tables, revision } = await loaded(cluster, whole, data);

  assert.deepEqual(Object.keys(tables), [...TABLES, 'all']);
  for (const [table, [added, changed, unchanged = 0, retracted]] of Object.entries(tables)) {
    assert.deepEqual([added, changed, retracted], [0, 0, 0], table);
    // The data contain no official texts.
    assert.equal(unchanged > 0, table !== 'article_text', table);
  }
  assert.equal(revision, 'revision 1, unchanged');
  assert.equal(await content(cluster, whole), before);
});

test('reports invalid values', async () => {
  const f = new Folder()
    .edit('sources.csv', '24haubenin', '2026-11-23', '2026-11-31')
    .edit('sources.csv', 'academia-edu', 'https://', 'ftp://')
    .edit('countries.csv', 'AD,AND', 'Andorre', Buffer.from([0x41, 0xff]))
    .edit('countries.csv', 'AE,ARE', 'Émirats arabes', Buffer.from('Émirats\0'))
    .edit('countries.csv', 'AE,ARE', 'true', 'no')
    .edit('countries.csv', 'AF,AFG', 'AF,AFG,004', 'af,AFGH,4')
    .edit('treaties.csv', '185,', '2001-11-23', '23.11.2001')
    .edit('articles.csv', '185,1,', '185,1,', '185,1.1,')
    .edit('actions.csv', 'AD-185-signature', ',signature,', ',signed,')
    .edit('actions.csv', 'AD-185-ratification', 'AD-185-ratification', 'AD 185 ratification')
    .edit('actions.csv', 'AD 185 ratification', '2016-11-16', '2015-02-29')
    .edit('actions.csv', 'AL-185-signature', 'coe-int-248947', '')
    .edit('statements.csv', 'AD-185-R-06', '6.3;6.1.a;6.1.b', '6(3);6.1.a;6.1.a;')
    .edit('statements.csv', 'AD-185-R-09', 'Andorra does', 'Ask info@example.org, Andorra does')
    .edit('statements.csv', 'AD-185-R-11', 'Andorra does', 'Call +376 800 900 now. Andorra does')
    .edit('authorities.csv', 'al-au-185-24-7-ministry', ',extradition,', ',police,');

  assert.deepEqual(await refused(cluster, whole, f), [
    `${f.at('actions.csv', 'signed')}: action: 'signed' is not one of signature, withdrawal_of_signature, ` +
      'ratification, accession, acceptance, approval, succession, definitive_signature, invitation, ' +
      'entry_into_force, denunciation.',
    `${f.at('actions.csv', 'AD 185')}: id: 'AD 185 ratification' is not an identifier: letters and digits, ` +
      "after the first also '.', '_' and '-'.",
    `${f.at('actions.csv', '2015-02-29')}: date: '2015-02-29' is not a day of the calendar.`,
    `${f.at('actions.csv', 'AL-185-signature').replace(/1$/, '48')}: source: is empty.`,
    `${f.at('articles.csv', '1.1,')}: article: '1.1' is not a whole article: paragraphs follow ` +
      'from the records that cite them.',
    `${f.at('authorities.csv', 'police,')}: role: 'police' is not one of extradition, mutual_assistance, network_24_7, ` +
      'consultation, orders, data_protection.',
    `${f.at('countries.csv', 'A\ufffd')}: name_fr: is not valid UTF-8.`,
    `${f.at('countries.csv', 'Émirats\0')}: name_fr: contains a NUL byte.`,
    `${f.at('countries.csv', 'no,iso-org')}: un_member: 'no' is neither true nor false.`,
    `${f.at('countries.csv', 'af,AFGH')}: code: 'af' is not two capital letters.`,
    `${f.at('countries.csv', 'AFGH')}: alpha3: 'AFGH' is not three capital letters.`,
    `${f.at('countries.csv', '4,Afghanistan')}: numeric: '4' is not three digits.`,
    `${f.at('sources.csv', '2026-11-31')}: retrieved_on: '2026-11-31' is not a day of the calendar.`,
    `${f.at('sources.csv', 'ftp://')}: url: does not begin with http:// or https://.`,
    `${f.at('statements.csv', '6(3)')}: articles: '6(3)' is not an article: one or two digits, then parts after ` +
      'dots, as in 29.4.',
    `${f.at('statements.csv', '6(3)')}: articles: contains '6.1.a' twice.`,
    `${f.at('statements.csv', '6(3)')}: articles: ends with ';'.`,
    `${f.at('statements.csv', '"Ask')}: summary_en: seems to contain an e-mail address, which is never published.`,
    `${f.at('statements.csv', 'Call +376')}: summary_en: seems to contain a telephone number, which is never published.`,
    `${f.at('treaties.csv', '23.11.2001')}: opened_on: '23.11.2001' is not a date of the form YYYY-MM-DD.`,
  ]);
});

test('reports missing references, duplicates and dates in the wrong order', async () => {
  const f = new Folder()
    .edit('countries.csv', 'AE,ARE', 'iso-org-573fea', 'nowhere')
    .edit('countries.csv', 'AF,AFG', 'AFG,004', 'ARE,784')
    .edit('treaties.csv', '189,', '2006-03-01', '2002-03-01')
    .append('articles.csv', '185,1,Again,,,,coe-int-827aa5\n999,3,Nothing,,,,coe-int-827aa5\n')
    .edit('actions.csv', 'AD-185-signature', 'AD-185-signature,AD,185', 'AD-185-signature,XX,999')
    .edit('actions.csv', 'AD-185-entry-into-force', 'AD-185-entry-into-force', 'AD-185-signature')
    .edit('statements.csv', 'AD-185-R-06', '6.3;', '49.3;')
    .edit(
      'statements.csv',
      'AD-185-R-09',
      '2017-03-01,,,,',
      '2017-03-01,2016-01-01,AD-185-R-99,ZZ,',
    )
    .edit(
      'statements.csv',
      'AD-185-R-11',
      '2017-03-01,,,,',
      '2017-03-01,,AD-185-R-11;AL-185-A-24,,',
    )
    .edit('authorities.csv', 'al-au-185-24-7-ministry', 'AL-185-A-24', 'AM-185-A-35')
    .edit('authorities.csv', 'al-au-185-24-7-national', '185,24.7', '185,77.7');

  assert.deepEqual(await refused(cluster, whole, f), [
    `${f.at('actions.csv', 'XX')}: country: 'XX' is not a country of countries.csv.`,
    `${f.at('actions.csv', '999')}: treaty: '999' is not a treaty of treaties.csv.`,
    `${f.at('actions.csv', 'AD-185-signature,AD,185,entry')}: id: 'AD-185-signature' appears twice; first at actions.csv:2.`,
    `${f.at('articles.csv', '1,Again')}: article: '1' appears twice; first at articles.csv:2.`,
    `${f.at('articles.csv', '999,3')}: treaty: '999' is not a treaty of treaties.csv.`,
    `${f.at('authorities.csv', 'AM-185-A-35')}: statement: 'AM-185-A-35' is not a statement of the same country and ` +
      'treaty in statements.csv.',
    `${f.at('authorities.csv', '77.7')}: article: 77.7 belongs to no article of treaty 185 in articles.csv.`,
    `${f.at('countries.csv', 'nowhere')}: source: 'nowhere' is not a source of sources.csv.`,
    `${f.at('countries.csv', 'ARE,784,Afg')}: alpha3: 'ARE' appears twice; first at countries.csv:3.`,
    `${f.at('countries.csv', '784,Afg')}: numeric: '784' appears twice; first at countries.csv:3.`,
    `${f.at('statements.csv', '49.3')}: articles: 49.3 belongs to no article of treaty 185 in articles.csv.`,
    `${f.at('statements.csv', '2016-01-01')}: withdrawn_on: 2016-01-01 is before made_on, 2016-11-16.`,
    `${f.at('statements.csv', 'AD-185-R-99')}: superseded_by: 'AD-185-R-99' is not a statement of the same country ` +
      'and treaty in statements.csv.',
    `${f.at('statements.csv', 'ZZ,')}: territories: 'ZZ' is not a country of countries.csv.`,
    `${f.at('statements.csv', 'AD-185-R-11;')}: superseded_by: 'AL-185-A-24' is not a statement of the same country ` +
      'and treaty in statements.csv.',
    `${f.at('statements.csv', 'AD-185-R-11;')}: superseded_by: the statement supersedes itself.`,
    `${f.at('treaties.csv', '2002-03-01')}: entered_into_force_on: 2002-03-01 is before opened_on, 2003-01-28.`,
  ]);
});

test('reports dates of events after today anywhere on Earth, and takes days known in advance', async () => {
  const day = (later: number): string =>
    new Date(Date.now() + 14 * 3_600_000 + later * 86_400_000).toISOString().slice(0, 10);
  const [latest, early] = [day(0), day(1)];
  const f = new Folder()
    .edit('actions.csv', 'AD-185-signature', '2013-04-23', early)
    .edit('actions.csv', 'AD-185-ratification', '2016-11-16', latest)
    .edit('actions.csv', 'AD-185-entry-into-force', '2017-03-01', early)
    .edit('sources.csv', 'boe-es-9d084e', '2026-11-28', early)
    .edit('statements.csv', 'AD-185-R-06', '2016-11-16,2017-03-01', `${early},${early}`)
    .edit('statements.csv', 'AD-185-R-09', '2016-11-16,2017-03-01,', `${latest},${early},${early}`)
    .edit('treaties.csv', '224,', '2026-02-05', early);
  const reason = `${early} is after today, which is ${latest} in the easternmost time zone.`;

  assert.deepEqual(await refused(cluster, whole, f), [
    `${f.at('actions.csv', early)}: date: ${reason}`,
    `${f.at('sources.csv', early)}: retrieved_on: ${reason}`,
    `${f.at('statements.csv', early)}: made_on: ${reason}`,
    `${f.at('treaties.csv', early)}: known_until: ${reason}`,
  ]);
});

test('reports problems in the files of names, memberships, summaries, texts, registers and effects', async () => {
  const source = 'coe-int-827aa5';
  const f = new Folder()
    .edit('countries.csv', 'AW,ABW', ',territory,NL,', ',territory,,')
    .edit('countries.csv', 'AX,ALA', ',territory,FI,', ',territory,AQ,')
    .append('country_names.csv', `NO,Norway,en,short,,,${source}\nNO,Thule,en,old,,,${source}\n`)
    .append('country_names.csv', `NO,Later,en,former,1905-06-07,1905-06-07,${source}\n`)
    .append('memberships.csv', `CoE,RU,2000-01-01,,,${source}\nUN,NO,1945-11-27,,,${source}\n`)
    .append('memberships.csv', `EU,NO,,,,${source}\nCoE,NO,1949-05-05,,,${source}\n`)
    .append('article_summaries.csv', '185,6.9,,\n189,22.2,Text.,\n')
    .edit('statements.csv', 'AM-185-A-35', ',,,,investigative', ',,en,,investigative')
    .append('statement_registers.csv', `AD-185b,AD,185,yes,2020-01-01,,${source}\n`)
    .append('territory_effects.csv', `X,AW,189,applies,2020-01-01,NL-185-T-38a,,,${source}\n`)
    .write('statement_texts.csv', `id,text,text_lang,text_kind,source\nNO-1,Text.,en,,nowhere\n`)
    .write(
      'article_texts.csv',
      `treaty,article,lang,kind,text,source\n185,49,en,,Text.,${source}\n`,
    );

  assert.deepEqual(await refused(cluster, whole, f), [
    'article_summaries.csv:121:9: summary_en: is empty, and so is summary_fr: a summary needs one of them.',
    'article_summaries.csv:122:5: article: 22.2 belongs to no article of treaty 189 in articles.csv.',
    'article_texts.csv:2:5: article: 49 belongs to no article of treaty 185 in articles.csv.',
    'countries.csv:15:146: responsible_state: is empty, but a territory has a responsible state.',
    "countries.csv:16:114: responsible_state: 'AQ' is not a state of countries.csv.",
    "country_names.csv:1114:4: name: 'Norway' appears twice; first at country_names.csv:731.",
    "country_names.csv:1115:13: kind: 'old' is not one of official, short, alternative, abbreviation, former.",
    'country_names.csv:1116:31: to: 1905-06-07 is not after from, 1905-06-07.',
    'memberships.csv:89:8: from: 2000-01-01 lies in another period of this member; first at memberships.csv:54.',
    "memberships.csv:90:1: organisation: 'UN' is not one of ASEAN, CoE, EU.",
    'memberships.csv:91:7: from: is empty.',
    "memberships.csv:92:8: from: '1949-05-05' appears twice; first at memberships.csv:49.",
    "statement_registers.csv:122:12: treaty: '185' appears twice; first at statement_registers.csv:2.",
    "statement_registers.csv:122:16: complete: 'yes' is neither true nor false.",
    "statement_texts.csv:2:1: id: 'NO-1' is not a statement of statements.csv.",
    "statement_texts.csv:2:16: source: 'nowhere' is not a source of sources.csv.",
    `${f.at('statements.csv', 'en,,investigative')}: wording_lang: is present without wording_source.`,
    "territory_effects.csv:17:29: statement: 'NL-185-T-38a' is not a statement of the responsible state of AW to treaty 189 in statements.csv.",
  ]);
});

test('reports effects that do not decide for a territory', async () => {
  const source = 'coe-int-248947';
  const effect = (id: string, territory: string, from: string, statement: string): string =>
    `${id},${territory},185,applies,${from},${statement},,,${source}\n`;
  const f = new Folder()
    .append('territory_effects.csv', effect('X1', 'AW', '2007-03-01', 'NL-185-T-38a'))
    .append('territory_effects.csv', effect('X2', 'NO', '2020-01-01', 'NL-185-T-38a'))
    .append('territory_effects.csv', effect('X3', 'FK', '2020-01-01', 'NL-185-T-38a'))
    .append('territory_effects.csv', effect('X4', 'GL', '2020-01-01', 'NL-185-T-38a'));

  assert.deepEqual(await refused(cluster, whole, f), [
    "territory_effects.csv:17:19: from: '2007-03-01' appears twice; first at territory_effects.csv:2.",
    "territory_effects.csv:18:4: territory: 'NO' is not a territory of countries.csv.",
    "territory_effects.csv:19:4: territory: 'FK' is not a territory of countries.csv.",
    "territory_effects.csv:20:30: statement: 'NL-185-T-38a' is not a statement of the responsible state of GL to treaty 185 in statements.csv.",
  ]);
});

test('reports the byte order mark of a file', async () => {
  for (const encoding of ['utf8', 'utf16le'] as const) {
    const f = new Folder();
    f.write('memberships.csv', Buffer.from(`\uFEFF${f.read('memberships.csv')}`, encoding));

    assert.deepEqual(await refused(cluster, whole, f), [
      'memberships.csv:1:1: begins with a byte order mark: save the file as UTF-8 without one.',
    ]);
  }
});

test('reports problems in profiles and tools', async () => {
  const f = new Folder()
    .edit('profiles/AD.json', '"AD"', '"AD"', '"AE"')
    .edit('profiles/AE.json', '"AE"', '"AE",', '"AE"')
    .edit('profiles/AL.json', '"AL"', '"AL",', '"AL", "country": "AL",')
    .edit('profiles/AM.json', '"AM"', '"AM"', Buffer.from([0x22, 0xff, 0x22]))
    .write('profiles/AZ.json', '[]\n')
    .write('profiles/norway.json', '{}\n')
    .edit('profiles/NO.json', 'no-ncss-2019', '"no-ncss-2019"', '"no ncss 2019"')
    .edit('profiles/NO.json', '"National Cyber', '"National', '"  National')
    .edit('profiles/NO.json', '"kind"', 'cybersecurity_strategy', 'strategy')
    .edit(
      'profiles/NO.json',
      '"Government of',
      '"Government of Norway (Norwegian ministries)"',
      '"Tel. 22 00 00 00", 7, "", "a", "a"',
    )
    .edit('profiles/NO.json', '2019-01-31"', '2019-01-31', '2019-01-32')
    .edit('profiles/NO.json', '"from"', 'null', '"2019-"')
    .edit('profiles/NO.json', '"to"', '"to"', '"until"')
    .edit('profiles/NO.json', '"Preventive', '"Preventive cyber security"', 'null')
    .edit('profiles/NO.json', '"Enterprises', '"Enterprises', '"\\u0007Enterprises')
    .edit('profiles/NO.json', '"position": 3', '3', '"3"')
    .edit('profiles/NO.json', '"position": 4', '4', '0')
    .edit('profiles/NO.json', '"position": 2', '2', '1')
    .edit('profiles/FR.json', '"position": 3', '3', '2')
    .edit('profiles/FR.json', '"articles"', '[', '{}, "unused": [')
    .edit('tools.json', '"octopus-platform"', 'octopus-platform', 'octopus-country-wiki')
    .edit('tools.json', '"https://www.coe.int/en/web/octopus"', 'www', 'user@www')
    .edit('tools.json', '"coe-int-0eb396"', 'coe-int-0eb396', 'nowhere');

  const no = (text: string): string => f.at('profiles/NO.json', text);

  assert.deepEqual(await refused(cluster, whole, f), [
    `${f.at('profiles/AD.json', '"AE"')}: /country: is 'AE', but the file is named AD.json.`,
    `profiles/AE.json:3:13: is not valid JSON: '}' expected near '"strategies"'.`,
    `profiles/AL.json:2:27: is not valid JSON: duplicate object key near '"country"'.`,
    `profiles/AM.json:2:13: is not valid JSON: unable to decode byte 0xff near '"'.`,
    'profiles/AZ.json:1:1: contains a list instead of an object.',
    `profiles/FR.json:36:18: /strategies/0/priorities/2/position: '2' appears twice; first at profiles/FR.json:29.`,
    `${f.at('profiles/FR.json', '{}, "unused"')}: /case_law/0/articles: is an object instead of a list.`,
    `${f.at('profiles/FR.json', '{}, "unused"').replace(/16$/, '30')}: /case_law/0/unused: is not a key of this record.`,
    "profiles/NO.json:4:3: /strategies/0: has no key 'period/to'.",
    `${no('"no ncss 2019"')}: /strategies/0/id: 'no ncss 2019' is not an identifier: letters and digits, after the ` +
      "first also '.', '_' and '-'.",
    `${no('"  National')}: /strategies/0/title_en: begins or ends with a blank.`,
    `${no('"strategy"')}: /strategies/0/kind: 'strategy' is not one of cybersecurity_strategy, cybercrime_strategy, ` +
      'international_cyber_strategy, digital_strategy, action_plan.',
    `${no('"Tel. 22')}: /strategies/0/issued_by/0: seems to contain a telephone number, which is never published.`,
    `${no('7, "",')}: /strategies/0/issued_by/1: is a number instead of a text.`,
    `${no('"", "a"')}: /strategies/0/issued_by/2: is empty; unknown is null.`,
    `${no('"a", "a"').replace(/32$/, '37')}: /strategies/0/issued_by/4: appears in the list twice.`,
    `${no('"2019-01-32"')}: /strategies/0/adopted_on: '2019-01-32' is not a day of the calendar.`,
    `${no('"2019-"')}: /strategies/0/period/from: '2019-' is not a year of four digits.`,
    `${no('"until"').replace(/5$/, '14')}: /strategies/0/period/until: is not a key of this record.`,
    'profiles/NO.json:25:18: /strategies/0/priorities/0/title_en: is null, but must be known.',
    `${no('"\\u0007')}: /strategies/0/priorities/0/goals/0/text_en: has a control character.`,
    `profiles/NO.json:36:18: /strategies/0/priorities/1/position: '1' appears twice; first at profiles/NO.json:23.`,
    `${no('"3"')}: /strategies/0/priorities/2/position: is a text instead of a whole number.`,
    `${no('0,')}: /strategies/0/priorities/3/position: is not a number from 1 to 100,000.`,
    'profiles/norway.json: is not named after a country: two capital letters and .json.',
    `${f.at('tools.json', '"https://user@')}: /0/url: names a user before its host.`,
    `${f.at('tools.json', '"nowhere"')}: /0/source: 'nowhere' is not a source of sources.csv.`,
    `tools.json:12:9: /1/id: 'octopus-country-wiki' appears twice; first at tools.json:2.`,
  ]);
});

test('reports missing references in profiles', async () => {
  const f = new Folder()
    .edit('profiles/FR.json', '"supersedes"', 'null', '"no-ncss-2012"')
    .edit('profiles/FR.json', '"to"', 'null', '"2003"')
    .edit('profiles/FR.json', '"from"', 'null', '"2004"')
    .edit('profiles/FR.json', '"15",', '15', '49.1')
    .edit(
      'profiles/FR.json',
      '"convention_article"',
      '"convention_article": "2"',
      '"convention_article": "50"',
    )
    .write(
      'profiles/QQ.json',
      `${JSON.stringify({
        country: 'QQ',
        strategies: [],
        institutions: [],
        case_law: [],
        legal_provisions: [],
        references: [],
      })}\n`,
    );

  assert.deepEqual(await refused(cluster, whole, f), [
    'profiles/FR.json:14:14: /strategies/0/period: ends in 2003, before it begins in 2004.',
    `${f.at('profiles/FR.json', '"no-ncss-2012"')}: /strategies/0/supersedes: 'no-ncss-2012' is not another strategy of the same country.`,
    'profiles/FR.json:207:16: /case_law/0/articles: 49.1 belongs to no article of treaty 185 in articles.csv.',
    `${f.at('profiles/FR.json', '"50"')}: /legal_provisions/0/convention_article: 50 belongs to no article of treaty 185 in articles.csv.`,
    `${f.at('profiles/QQ.json', '"QQ"')}: /country: 'QQ' is not a country of countries.csv.`,
  ]);
});

test('reports missing, truncated and malformed files', async () => {
  const cases: [Folder, string[]][] = [
    [
      new Folder().remove('actions.csv').remove('tools.json'),
      ['actions.csv: the file is missing.', 'tools.json: the file is missing.'],
    ],
    [new Folder().remove('profiles'), ['profiles: the folder is missing.']],
    [
      new Folder().write('action.csv', 'id\n'),
      ['action.csv: is not one of the files of a dataset.'],
    ],
    [
      new Folder().write('tools.json', '['.repeat(1_000_000)),
      ['tools.json:1:1: is nested deeper than 16 levels.'],
    ],
    [
      new Folder().write('actions.csv', ''),
      ['actions.csv:1:1: has no header row with the names of its columns.'],
    ],
    [
      new Folder().edit('actions.csv', 'id,', ',date,note,', ',dated,country,'),
      [
        "actions.csv:1:1: column 'date' is missing.",
        "actions.csv:1:1: column 'note' is missing.",
        "actions.csv:1:26: 'dated' is not a column of this file.",
        "actions.csv:1:32: column 'country' appears twice.",
      ],
    ],
    [
      new Folder().cut('statements.csv', 20_011),
      [
        'statements.csv:46:1: the row has 11 cells instead of 16.',
        'statements.csv:46:70: cell 11 begins with a quote that is never closed.',
      ],
    ],
    [
      new Folder().cut('actions.csv', 20_000),
      [
        'actions.csv:214:1: the row has 1 cell instead of 8.',
        'actions.csv:214:6: the file does not end with a line end: it may have been cut off.',
      ],
    ],
    [
      new Folder().cut('tools.json', 1_000),
      ['tools.json:17:39: is not valid JSON: premature end of input.'],
    ],
    [
      new Folder()
        .edit('sources.csv', '01net', ',', ',,')
        .edit('actions.csv', 'AD-185-signature', '2013', '2"013'),
      [
        'actions.csv:2:35: date: has a quote inside text without quotes.',
        'sources.csv:2:1: the row has 8 cells instead of 7.',
      ],
    ],
  ];

  for (const [folder, expected] of cases)
    assert.deepEqual(await refused(cluster, whole, folder), expected);
});

test('reports a file without a final line end', async () => {
  const f = new Folder().cut('authorities.csv', -1);
  const [problem, ...more] = await refused(cluster, whole, f);

  assert.match(
    problem ?? '',
    /^authorities\.csv:288:\d+: the file does not end with a line end: it may have been cut off\.$/,
  );
  assert.deepEqual(more, []);
});

test('leaves an empty database empty after a rejected folder', async () => {
  const database = await cluster.database('migrated');
  const f = new Folder().edit(
    'tools.json',
    'octopus-legal-profile',
    'octopus-legal-profile',
    'octopus-platform',
  );

  assert.deepEqual(await refused(cluster, database, f), [
    `${f.at('tools.json', '"octopus-platform",').replace(/:\d+:/, ':21:')}: /2/id: 'octopus-platform' appears twice; first at tools.json:2.`,
  ]);
  await cluster.drop(database);
});

test('counts problems beyond the limit', async () => {
  const f = new Folder();
  f.write(
    'sources.csv',
    f.read('sources.csv').toString().replaceAll(',2026-11-23\n', ',someday\n'),
  );
  const lines = await refused(cluster, whole, f);

  assert.equal(lines.length, 201);
  assert.match(lines[0] ?? '', /^sources\.csv:2:\d+: retrieved_on: /);
  assert.equal(lines[200], 'and 585 more.');
});

test('fails for a missing folder and wrong usage', async () => {
  const away = await load(cluster, whole, join(newPath(), 'nowhere'));
  assert.equal(away.code, 1);
  assert.match(away.stderr, /^Cannot read the folder .*nowhere: No such file or directory\.\n$/);

  for (const args of [[], ['a', 'b'], ['--what', 'a']]) {
    const { code, stderr } = await cluster.command(whole, ['import', ...args]);
    assert.equal(code, 2);
    assert.match(stderr, /^Usage: cybertreaty import DIR/);
  }
});

test('fails for a database without tables and for no database', async () => {
  const empty = await cluster.database('empty');
  const { code, stderr } = await load(cluster, empty, data);
  assert.equal(code, 1);
  assert.equal(stderr, 'The database has no tables yet: run `cybertreaty migrate` first.\n');
  await cluster.drop(empty);

  const away = await load(cluster, 'no_such_database', data);
  assert.equal(away.code, 1);
  assert.equal(away.stderr.split('\n').length, 2, away.stderr);
});
