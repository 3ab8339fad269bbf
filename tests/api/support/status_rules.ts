// The ten rules that derive a country's state from its acts: a second implementation, written from the data
// model alone, to compare the service with.
import { type Row, actions, countries, known, sources, treaties } from './reference_data.js';

const CONSENTS = ['ratification', 'acceptance', 'approval', 'accession', 'definitive_signature'];

function addMonths(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last)))
    .toISOString()
    .slice(0, 10);
}

/** The first day of the month after three full months. */
const afterThreeMonths = (day: string): string => `${addMonths(day, 4).slice(0, 7)}-01`;

function knownBy(act: Row): string {
  const from = sources.get(act['source'] ?? '');
  return known(act['date']) ?? known(from?.['as_of']) ?? from?.['retrieved_on'] ?? '';
}

export function stateOn(day: string, country: string, treaty: Row): string {
  const number = treaty['number'] ?? '';
  const entry = known(treaty['entered_into_force_on']);
  const acts = actions.filter((act) => act['country'] === country && act['treaty'] === number);
  const of = (...kinds: string[]): Row | undefined =>
    acts.find((act) => kinds.includes(act['action'] ?? ''));
  const [force, consent, signature, invitation] = [
    of('entry_into_force'),
    of(...CONSENTS),
    of('signature'),
    of('invitation'),
  ];
  const [recorded, consented] = [known(force?.['date']), known(consent?.['date'])];
  const computed = consented && entry ? [afterThreeMonths(consented), entry].sort()[1] : undefined;
  const forceDay = recorded ?? (force ? undefined : computed);

  if (day < (treaty['opened_on'] ?? '')) return 'none';
  if (of('denunciation'))
    throw new Error('The data contain a denunciation: implement its rule here.');
  if ((forceDay && forceDay <= day) || (force && !recorded && knownBy(force) <= day))
    return 'party';
  if (consented && consented <= day) return 'ratified';
  if (consent && !consented && recorded) {
    if (recorded === entry) return 'unknown';
    if (day >= addMonths(recorded, -3)) return 'ratified';
    if (day >= addMonths(recorded, -4)) return 'unknown';
  } else if (consent && !consented) {
    return day >= afterThreeMonths(knownBy(consent)) ? 'party' : 'unknown';
  }
  if (signature) {
    if (knownBy(signature) <= day) return 'signatory';
    if (!known(signature['date'])) return 'unknown';
  } else if (consent && consent['action'] !== 'accession') {
    return 'unknown';
  }
  if (
    number === '185' &&
    invitation &&
    knownBy(invitation) <= day &&
    day < addMonths(knownBy(invitation), 60)
  )
    return 'invited';
  if (acts.length === 0 && treaty['acts_complete'] !== 'true') {
    const convention = treaties.find((other) => other['number'] === '185');
    const parent = number === '185' || !convention ? 'unknown' : stateOn(day, country, convention);
    if (!['none', 'invited'].includes(parent)) return 'unknown';
  }
  return 'none';
}

/** Every day on which a state may change, with the day before and after. */
export function significantDays(today: string): string[] {
  const near = (day: string): string[] =>
    [-1, 0, 1].map((by) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10));
  const days = [
    ...treaties.flatMap((row) => [row['opened_on'] ?? '', row['entered_into_force_on'] ?? '']),
    ...actions.flatMap((row) => {
      const day = knownBy(row);
      const months =
        row['action'] === 'entry_into_force'
          ? [0, -3, -4]
          : row['action'] === 'invitation'
            ? [0, 60]
            : [0];
      return [...months.map((by) => addMonths(day, by)), afterThreeMonths(day)];
    }),
  ];
  const sorted = [...new Set(days.filter(Boolean).flatMap(near))].sort();
  return [...sorted.filter((day) => day <= today), today];
}

export const allCountries = countries.map((row) => row['code'] ?? '');
