// Writes the examples of openapi.yaml from responses of the service: npm run examples
//
// They are at the end of the file, so that the text before them stays unchanged.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { operations } from './support/contract.js';
import { Cluster } from './support/database.js';
import { root } from './support/paths.js';
import { Service } from './support/service.js';

const MARK = '  # Responses of the service, written by `npm run examples`.\n';

/** Targets of operations whose default response would be long. */
const shorter: Record<string, string> = {
  getCountry: '/v1/countries/NO',
  getCountryProfile: '/v1/countries/HU/profile',
  listCountryStatus: '/v1/countries/NO/status?treaty=185',
  listCountryStatements: '/v1/countries/NO/statements?article=29.4',
  listCountryReservations: '/v1/countries/NO/reservations?article=29.4',
  listCountryDeclarations: '/v1/countries/CH/declarations?article=7',
  listCountryStrategies: '/v1/countries/NO/strategies?kind=international_cyber_strategy',
  listTreatyStatements: '/v1/treaties/185/statements?country=NO&article=29.4',
  listTreatyDeclarations: '/v1/treaties/185/declarations?country=CH&article=7',
  listTreatyReservations: '/v1/treaties/185/reservations?country=NO&article=29.4',
  listReservations: '/v1/reservations?treaty=185&article=29.4&country=NO',
  listStatus: '/v1/status?country=NO&treaty=185',
  getStatus: '/v1/status/RO-185?as_of=2003-01-01',
  getTreaty: '/v1/treaties/189?as_of=2020-01-01',
  listTreaties: '/v1/treaties?limit=1&as_of=2020-01-01',
  getTreatyArticle: '/v1/treaties/185/articles/29.4',
  listTreatyArticles: '/v1/treaties/185/articles?q=illegal',
  getAction: '/v1/actions/NO-185-ratification?include=country',
  listActions: '/v1/actions?country=NO&treaty=185&action=ratification',
  listCountryActions: '/v1/countries/NO/actions?treaty=185&action=ratification',
  getStatement: '/v1/statements/NO-185-R-29',
  listStatements: '/v1/statements?country=NO&article=29.4',
  getReservation: '/v1/reservations/NO-185-R-29',
  getDeclaration: '/v1/declarations/CH-185-D-07',
  listDeclarations: '/v1/declarations?country=CH&article=7',
  getStrategy: '/v1/strategies/no-icyber-2017',
  listStrategies: '/v1/strategies?country=NO&kind=international_cyber_strategy',
  getSource: '/v1/sources/coe-int-827aa5',
  listAuthorities: '/v1/authorities?country=NO&role=network_24_7',
  getAuthority: '/v1/authorities/no-au-185-35-1-kripos-national-criminal-investigation',
  listCountryAuthorities: '/v1/countries/NO/authorities?article=27',
  listInstitutions: '/v1/institutions?country=NO&kind=csirt',
  getInstitution: '/v1/institutions/no-in-national-cybercrime-centre-nc3',
  listCountryInstitutions: '/v1/countries/NO/institutions?kind=judiciary',
  listCaseLaw: '/v1/case-law?country=NO&article=2',
  getCourtCase: '/v1/case-law/no-cl-hr-2019-610-a',
  listCountryCaseLaw: '/v1/countries/NO/case-law?article=15',
  listLegalProvisions: '/v1/legal-provisions?country=NO&article=2',
  getLegalProvision: '/v1/legal-provisions/no-lp-16-criminal-procedure-act-section-215-a',
  getCountryLegalProfile: '/v1/countries/NO/legal-profile?article=2',
  listReferences: '/v1/references?country=NO&q=NC3',
  getReference: '/v1/references/no-re-octopus-country-profile-norway',
  listCountryReferences: '/v1/countries/NO/references?q=NC3',
  listTools: '/v1/tools?kind=committee',
  getTool: '/v1/tools/octopus-platform',
  listChanges: '/v1/changes?resource=actions&country=NO&treaty=189',
  getChange: '/v1/changes/1-1',
};

const targetOf = (id: string, template: string): string =>
  shorter[id] ?? (id.startsWith('list') ? `${template}?limit=1` : template);

async function collect(url: string): Promise<Record<string, { summary: string; value: unknown }>> {
  const examples: Record<string, { summary: string; value: unknown }> = {};

  for (const { id, template, responses } of operations) {
    if (!responses['200']?.content?.['application/json'] || id === 'getContractJson') continue;
    const target = targetOf(id, template);
    const response = await fetch(`${url}${target}`);
    if (response.status !== 200)
      throw new Error(`${target}: ${response.status} ${await response.text()}`);
    examples[id] = { summary: `GET ${target}`, value: await response.json() };
  }
  return examples;
}

function write(examples: unknown): void {
  const path = join(root, 'openapi.yaml');
  const written = readFileSync(path, 'utf8').split(MARK)[0] ?? '';
  // All strings are quoted, since parsers differ in which plain scalars are dates or numbers.
  const added = stringify(
    { examples },
    { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 },
  );

  writeFileSync(path, written + MARK + added.replaceAll(/^(?=.)/gm, '  '));
}

const cluster = await Cluster.start();
try {
  const service = await Service.start(cluster.url(await cluster.database('imported')));
  write(await collect(service.url));
  await service.stop();
} finally {
  await cluster.stop();
}
