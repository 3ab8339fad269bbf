// The ten rules that derive a country's status from its acts, and the rules of territories: a second
// implementation, written from the data model alone, to compare the service with.
import {
  type Row,
  actions,
  known,
  memberships,
  sources,
  statements,
  territoryEffects,
  treaties,
} from './reference_data.js';

export interface Standing {
  state: string;
  bound: boolean | null;
  /** The statement that decides for a territory. */
  statement: string | null;
}

const SIGNED_CONSENTS = ['ratification', 'acceptance', 'approval'];
const CONSENTS = [...SIGNED_CONSENTS, 'accession', 'definitive_signature'];
const TERMS_SINCE = '2013-04-10';
const DRAFTERS = ['CA', 'JP', 'US', 'ZA'];

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

const complete = (treaty: Row, what: string): boolean => treaty[`${what}_complete`] === 'true';

const convention = treaties.find((treaty) => treaty['number'] === '185') ?? {};

/** Rules 1 to 7, and 10 as null. The states without a consent that rule 8 leaves open are null too. */
function byActs(day: string, acts: Row[], treaty: Row): [string, boolean | null] | null {
  const entry = known(treaty['entered_into_force_on']);
  const of = (...kinds: string[]): Row | undefined =>
    acts.find((act) => kinds.includes(act['action'] ?? ''));
  const [force, consent, signature] = [of('entry_into_force'), of(...CONSENTS), of('signature')];
  const [recorded, consented] = [known(force?.['date']), known(consent?.['date'])];
  const computed = consented && entry ? [afterThreeMonths(consented), entry].sort()[1] : undefined;
  const forceDay = recorded ?? (force ? undefined : computed);
  const missing = consent || force || complete(treaty, 'consents') ? false : null;

  if (day < (treaty['opened_on'] ?? '')) return ['none', false];
  for (const kind of ['denunciation', 'succession', 'withdrawal_of_signature'])
    if (of(kind)) throw new Error(`The data contain a ${kind}: implement its rule here.`);
  if ((forceDay && forceDay <= day) || (force && !recorded && knownBy(force) <= day))
    return ['party', true];
  if (consented && consented <= day) return ['ratified', false];
  if (consent && !consented && recorded) {
    if (recorded === entry) return ['unknown', false];
    if (day >= addMonths(recorded, -3)) return ['ratified', false];
    if (day >= addMonths(recorded, -4)) return ['unknown', false];
  } else if (consent && !consented) {
    return day >= afterThreeMonths(knownBy(consent)) ? ['party', true] : ['unknown', null];
  }
  if (signature) {
    if (knownBy(signature) <= day) return ['signatory', missing];
    if (!known(signature['date'])) return ['unknown', missing];
  } else if (SIGNED_CONSENTS.includes(consent?.['action'] ?? '')) {
    return ['unknown', false];
  }
  return null;
}

/** Rule 8: the state under the Convention by invitations. */
function byInvitation(day: string, acts: Row[]): string {
  const entry = convention['entered_into_force_on'] ?? '';
  const consent = acts.find((act) => CONSENTS.includes(act['action'] ?? ''));
  const invitations = acts.filter((act) => act['action'] === 'invitation');
  const past = invitations
    .map((act) => known(act['date']))
    .filter((date) => date !== null && date <= day)
    .sort()
    .at(-1);

  if (past && (consent || day < addMonths(past, 60))) return 'invited';
  if (day >= entry && invitations.some((act) => !known(act['date']))) return 'unknown';
  if (past) return past < TERMS_SINCE ? 'unknown' : 'none';
  const invited = invitations.length === 0 && consent?.['action'] === 'accession';
  return invited && day >= entry ? 'unknown' : 'none';
}

function ofState(day: string, country: string, treaty: Row): [string, boolean | null] {
  const number = treaty['number'] ?? '';
  const actsUnder = (under: Row): Row[] =>
    actions.filter(
      (act) => act['country'] === country && act['treaty'] === (under['number'] ?? ''),
    );
  const acts = actsUnder(treaty);
  const direct = byActs(day, acts, treaty);
  const bound = complete(treaty, 'consents') ? false : null;

  if (direct) return direct;
  if (number === '185' && acts.length > 0) {
    const consent = acts.some((act) => CONSENTS.includes(act['action'] ?? ''));
    return [byInvitation(day, acts), consent ? false : bound];
  }
  if (acts.length > 0) return ['none', bound];
  if (number !== '185') {
    const [parent] = ofState(day, country, convention);
    const own = actsUnder(convention);
    const open = byActs(day, own, convention) === null && own.length > 0;
    if (parent === 'none' || parent === 'invited' || (parent === 'unknown' && open))
      return ['none', false];
    if (
      number === '189' &&
      complete(treaty, 'consents') &&
      own.some((act) => act['action'] === 'accession')
    )
      return ['none', false];
  }
  if (!complete(treaty, 'consents')) return ['unknown', null];
  return [complete(treaty, 'signatures') ? 'none' : 'unknown', false];
}

function ofTerritory(day: string, country: Row, treaty: Row): Standing {
  const [, bound] = ofState(day, country['responsible_state'] ?? '', treaty);
  const effect = territoryEffects
    .filter(
      (row) =>
        row['territory'] === country['code'] &&
        row['treaty'] === treaty['number'] &&
        (row['from'] ?? '') <= day,
    )
    .filter((row) => {
      const statement = statements.find((each) => each['id'] === row['statement']);
      return (known(statement?.['withdrawn_on']) ?? '9999-12-31') > day;
    })
    .sort((a, b) => ((a['from'] ?? '') < (b['from'] ?? '') ? 1 : -1))[0];

  if (bound === false) return { state: 'none', bound: false, statement: null };
  if (bound === null || !effect) return { state: 'unknown', bound: null, statement: null };
  const applies = effect['effect'] === 'applies';
  return {
    state: applies ? 'party' : 'none',
    bound: applies,
    statement: effect['statement'] ?? null,
  };
}

/** The status of a country under a treaty on a day. */
export function standingOn(day: string, country: Row, treaty: Row): Standing {
  if (country['type'] === 'territory') return ofTerritory(day, country, treaty);
  if (country['type'] === 'other')
    return day < (treaty['opened_on'] ?? '')
      ? { state: 'none', bound: false, statement: null }
      : { state: 'unknown', bound: null, statement: null };
  const [state, bound] = ofState(day, country['code'] ?? '', treaty);
  return { state, bound, statement: null };
}

/** Whether a State without any act may have been invited: its state is `none`, and the reason says so. */
export function mayBeInvited(day: string, country: Row, treaty: Row): boolean {
  const member = memberships.some(
    (row) =>
      row['organisation'] === 'CoE' &&
      row['country'] === country['code'] &&
      (row['from'] ?? '') <= day &&
      day < (known(row['to']) ?? '9999-12-31'),
  );
  return (
    country['type'] === 'state' &&
    treaty['number'] === '185' &&
    !complete(treaty, 'invitations') &&
    day >= (known(treaty['entered_into_force_on']) ?? '9999-12-31') &&
    !member &&
    !DRAFTERS.includes(country['code'] ?? '') &&
    !actions.some((act) => act['country'] === country['code'] && act['treaty'] === '185')
  );
}

/** Every day on which a status may change, with the day before and after. */
export function significantDays(today: string): string[] {
  const near = (day: string): string[] =>
    [-1, 0, 1].map((by) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10));
  const days = [
    ...treaties.flatMap((row) => [row['opened_on'] ?? '', row['entered_into_force_on'] ?? '']),
    ...territoryEffects.map((row) => row['from'] ?? ''),
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
