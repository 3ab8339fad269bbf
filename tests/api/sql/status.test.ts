// The ten rules of status_on on invented acts, on the days around every boundary.
//
// 185 opened on 2001-11-23 and is in force since 2004-07-01; 189 opened on 2003-01-28, in force
// since 2006-03-01, its consents and signatures incomplete; 224 opened on 2022-05-12, not in force. An act
// without a date comes from a source that states 2010-03-15, or from one that was read on 2020-05-05.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Facts } from './facts.js';

/** Action, date, source; the treaty is that of the case. */
type Act = [action: string, date: string | null, source?: 'stated' | 'read'];

interface Case {
  rule: string;
  treaty?: string;
  acts: Act[];
  /** Acts under the Convention, for cases of a protocol. */
  convention?: Act[];
  /** Which acts of a treaty are complete, where it is not as above. */
  record?: [treaty: string, change: string][];
  /** First and last day in the Council of Europe. */
  member?: [from: string, to: string | null];
  /**
   * The state, then what is not as expected: `computed` for the basis, `open` for `bound` null (else a
   * Party is bound and any other State is not), `explained` for a reason (else only an unknown or
   * computed state has one).
   */
  on: Record<string, string>;
}

const cases: Case[] = [
  {
    rule: '1: none before the treaty was opened, whatever is on record',
    acts: [
      ['signature', '2001-11-01'],
      ['ratification', null, 'stated'],
    ],
    on: { '2001-11-22': 'none', '2001-11-23': 'unknown open' },
  },
  {
    rule: '1: none before a protocol with an incomplete record was opened',
    treaty: '189',
    acts: [],
    convention: [
      ['accession', '2002-01-15'],
      ['entry_into_force', '2002-06-01'],
    ],
    on: { '2003-01-27': 'none', '2003-01-28': 'unknown open' },
  },
  {
    rule: '2: a denunciation takes effect on the first day of the month after three full months',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', '2006-06-30'],
      ['entry_into_force', '2006-10-01'],
      ['denunciation', '2015-01-31'],
    ],
    on: {
      '2015-01-30': 'party',
      '2015-01-31': 'party',
      '2015-04-30': 'party',
      '2015-05-01': 'former_party computed',
      '2026-01-01': 'former_party computed',
    },
  },
  {
    rule: '2: an undated denunciation has certainly taken effect three full months after it was known',
    acts: [
      ['accession', '2006-06-30'],
      ['entry_into_force', '2006-10-01'],
      ['denunciation', null, 'stated'],
    ],
    on: { '2010-03-15': 'party', '2010-06-30': 'party', '2010-07-01': 'former_party computed' },
  },
  {
    rule: '2: who joins again after a denunciation is a party again',
    acts: [
      ['accession', '2006-06-30'],
      ['entry_into_force', '2006-10-01'],
      ['denunciation', '2010-01-15'],
      ['accession', '2014-02-10'],
      ['entry_into_force', '2014-06-01'],
    ],
    on: {
      '2010-04-30': 'party',
      '2010-05-01': 'former_party computed',
      '2014-05-31': 'former_party computed',
      '2014-06-01': 'party',
    },
  },
  {
    rule: '2: who joins again without a recorded entry into force is a party again by computation',
    acts: [
      ['accession', '2006-06-30'],
      ['entry_into_force', '2006-10-01'],
      ['denunciation', '2010-01-15'],
      ['accession', '2014-02-10'],
    ],
    on: { '2014-05-31': 'former_party computed', '2014-06-01': 'party computed' },
  },
  {
    rule: '3: a recorded entry into force counts, also where another day would be computed',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', '2006-06-30'],
      ['entry_into_force', '2006-11-01'],
    ],
    on: {
      '2006-06-29': 'signatory',
      '2006-06-30': 'ratified',
      '2006-10-31': 'ratified',
      '2006-11-01': 'party',
    },
  },
  {
    rule: '3: without one, the first day of the month after three full months',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', '2006-06-30'],
    ],
    on: { '2006-06-30': 'ratified', '2006-09-30': 'ratified', '2006-10-01': 'party computed' },
  },
  {
    rule: '3: three months end with the month when that is shorter',
    acts: [['accession', '2008-11-30']],
    on: { '2009-02-28': 'ratified', '2009-03-01': 'party computed' },
  },
  {
    rule: '3: a deposit on the first day of a month waits for the fourth month after it',
    acts: [['accession', '2008-11-01']],
    on: {
      '2008-10-31': 'unknown',
      '2008-11-01': 'ratified',
      '2009-02-28': 'ratified',
      '2009-03-01': 'party computed',
    },
  },
  {
    rule: '3: not before the entry into force of the treaty itself',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', '2002-06-20'],
    ],
    on: { '2002-10-01': 'ratified', '2004-06-30': 'ratified', '2004-07-01': 'party computed' },
  },
  {
    rule: '3: never while the treaty is not in force',
    treaty: '224',
    acts: [
      ['signature', '2022-05-12'],
      ['acceptance', '2023-02-09'],
    ],
    on: { '2023-02-08': 'signatory', '2023-02-09': 'ratified', '2026-11-23': 'ratified' },
  },
  {
    rule: '3: an undated entry into force counts from the date of its source',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', null, 'read'],
      ['entry_into_force', null, 'stated'],
    ],
    on: { '2010-03-14': 'unknown open', '2010-03-15': 'party' },
  },
  {
    rule: '3: an undated entry into force counts from the day on which a source without date was read',
    acts: [
      ['accession', null, 'read'],
      ['entry_into_force', null, 'read'],
    ],
    on: { '2020-05-04': 'unknown open', '2020-05-05': 'party' },
  },
  ...['ratification', 'acceptance', 'approval', 'accession', 'definitive_signature'].map(
    (action) => ({
      rule: `4: a dated ${action} binds from its day`,
      acts: [
        ['signature', '2001-11-23'],
        [action, '2012-08-14'],
      ] as Act[],
      on: {
        '2012-08-13': 'signatory',
        '2012-08-14': 'ratified',
        '2012-11-30': 'ratified',
        '2012-12-01': 'party computed',
      },
    }),
  ),
  {
    rule: '4: a succession binds from its day, without three months',
    acts: [['succession', '2012-08-14']],
    on: { '2012-08-13': 'none', '2012-08-14': 'party computed', '2012-12-01': 'party computed' },
  },
  {
    rule: '4: a succession with a recorded entry into force binds from that day',
    acts: [
      ['succession', '2012-08-14'],
      ['entry_into_force', '2012-09-01'],
    ],
    on: { '2012-08-14': 'ratified', '2012-08-31': 'ratified', '2012-09-01': 'party' },
  },
  {
    rule: '4: a succession binds not before the treaty itself is in force',
    acts: [['succession', '2003-08-14']],
    on: { '2003-08-14': 'ratified', '2004-06-30': 'ratified', '2004-07-01': 'party computed' },
  },
  {
    rule: '5: from a succession no day can be counted back',
    acts: [
      ['succession', null],
      ['entry_into_force', '2016-05-01'],
    ],
    on: { '2015-12-31': 'unknown', '2016-04-30': 'unknown', '2016-05-01': 'party' },
  },
  {
    rule: '5: an undated consent lies in the fourth month before a recorded entry into force',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', null],
      ['entry_into_force', '2016-05-01'],
    ],
    on: {
      '2015-12-31': 'signatory',
      '2016-01-01': 'unknown',
      '2016-01-31': 'unknown',
      '2016-02-01': 'ratified computed',
      '2016-04-30': 'ratified computed',
      '2016-05-01': 'party',
    },
  },
  {
    rule: '5: before that month, rules 7 and 8: an accession followed an invitation, not a signature',
    acts: [
      ['accession', null],
      ['entry_into_force', '2016-05-01'],
    ],
    on: {
      '2004-06-30': 'none',
      '2004-07-01': 'unknown',
      '2015-12-31': 'unknown',
      '2016-01-01': 'unknown',
      '2016-02-01': 'ratified computed',
    },
  },
  {
    rule: '5: before that month, rule 7: who ratified had signed, and no signature is on record',
    acts: [
      ['ratification', null],
      ['entry_into_force', '2016-05-01'],
    ],
    on: {
      '2001-11-23': 'unknown',
      '2015-12-31': 'unknown',
      '2016-01-31': 'unknown',
      '2016-02-01': 'ratified computed',
    },
  },
  {
    rule: '5: nothing can be counted back from the entry into force of the treaty itself',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', null],
      ['entry_into_force', '2004-07-01'],
    ],
    on: {
      '2001-11-23': 'unknown',
      '2004-03-01': 'unknown',
      '2004-06-30': 'unknown',
      '2004-07-01': 'party',
    },
  },
  {
    rule: '6: an undated consent alone has taken effect three full months after it was known',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', null, 'stated'],
    ],
    on: {
      '2001-11-22': 'none',
      '2001-11-23': 'unknown open',
      '2010-03-15': 'unknown open',
      '2010-06-30': 'unknown open',
      '2010-07-01': 'party computed',
    },
  },
  {
    rule: '6: the same of a source without date, from the day on which it was read',
    acts: [['accession', null, 'read']],
    on: { '2020-08-31': 'unknown open', '2020-09-01': 'party computed' },
  },
  {
    rule: '6: missing is party to a treaty that is not in force',
    treaty: '224',
    acts: [
      ['signature', '2022-05-12'],
      ['ratification', null, 'read'],
    ],
    on: { '2022-05-12': 'unknown open', '2026-11-23': 'unknown open' },
  },
  {
    rule: '7: a dated signature counts from its day',
    acts: [['signature', '2003-05-08']],
    on: { '2003-05-07': 'none', '2003-05-08': 'signatory', '2026-11-23': 'signatory' },
  },
  {
    rule: '7: an undated signature counts from the day by which it was known, and is unknown before',
    acts: [['signature', null, 'stated']],
    on: {
      '2001-11-22': 'none',
      '2001-11-23': 'unknown',
      '2010-03-14': 'unknown',
      '2010-03-15': 'signatory',
    },
  },
  {
    rule: '7: a later ratification shows that there was a signature',
    acts: [['ratification', '2012-08-14']],
    on: {
      '2001-11-22': 'none',
      '2001-11-23': 'unknown',
      '2012-08-13': 'unknown',
      '2012-08-14': 'ratified',
    },
  },
  {
    rule: '7: a later definitive signature does not',
    acts: [['definitive_signature', '2012-08-14']],
    on: { '2001-11-23': 'none', '2012-08-13': 'none', '2012-08-14': 'ratified' },
  },
  {
    rule: '7: neither does a later succession',
    acts: [['succession', '2012-08-14']],
    on: { '2001-11-23': 'none', '2012-08-13': 'none', '2012-08-14': 'party computed' },
  },
  {
    rule: '7: neither does a later accession, which shows that there was an invitation (rule 8)',
    acts: [['accession', '2012-08-14']],
    on: {
      '2001-11-23': 'none',
      '2004-06-30': 'none',
      '2004-07-01': 'unknown',
      '2012-08-13': 'unknown',
      '2012-08-14': 'ratified',
    },
  },
  {
    rule: '7: a withdrawal ends a signature from its day',
    acts: [
      ['signature', '2003-05-08'],
      ['withdrawal_of_signature', '2007-02-03'],
    ],
    on: {
      '2003-05-07': 'none',
      '2003-05-08': 'signatory',
      '2007-02-02': 'signatory',
      '2007-02-03': 'none explained',
      '2026-11-23': 'none explained',
    },
  },
  {
    rule: '7: a signature after a withdrawal counts',
    acts: [
      ['signature', '2003-05-08'],
      ['withdrawal_of_signature', '2007-02-03'],
      ['signature', '2009-09-09'],
    ],
    on: {
      '2007-02-02': 'signatory',
      '2007-02-03': 'none explained',
      '2009-09-08': 'none explained',
      '2009-09-09': 'signatory',
    },
  },
  {
    rule: '7: a withdrawal on the day of the signature ends it',
    acts: [
      ['signature', '2003-05-08'],
      ['withdrawal_of_signature', '2003-05-08'],
    ],
    on: { '2003-05-07': 'none', '2003-05-08': 'none explained' },
  },
  {
    rule: '7: an undated signature had been given before its withdrawal',
    acts: [
      ['signature', null, 'stated'],
      ['withdrawal_of_signature', '2007-02-03'],
    ],
    on: { '2001-11-23': 'unknown', '2007-02-02': 'unknown', '2007-02-03': 'none explained' },
  },
  {
    rule: '7: an undated withdrawal had certainly happened when it was known, perhaps before',
    acts: [
      ['signature', '2003-05-08'],
      ['withdrawal_of_signature', null, 'stated'],
    ],
    on: {
      '2003-05-07': 'none',
      '2003-05-08': 'unknown',
      '2010-03-14': 'unknown',
      '2010-03-15': 'none explained',
    },
  },
  {
    rule: '7: a State that withdrew its signature may be invited',
    acts: [
      ['signature', '2003-05-08'],
      ['withdrawal_of_signature', '2007-02-03'],
      ['invitation', '2015-01-01'],
    ],
    on: { '2014-12-31': 'none explained', '2015-01-01': 'invited', '2020-01-01': 'none explained' },
  },
  {
    rule: '7: before a dated signature a State had not signed, even if it ratified later',
    acts: [
      ['signature', '2003-05-08'],
      ['ratification', '2012-08-14'],
    ],
    on: { '2003-05-07': 'none', '2003-05-08': 'signatory', '2012-08-13': 'signatory' },
  },
  {
    rule: '8a: an invitation without a consent holds for five years less a day',
    acts: [['invitation', '2016-02-29']],
    on: {
      '2016-02-28': 'none',
      '2016-02-29': 'invited',
      '2021-02-27': 'invited',
      '2021-02-28': 'none explained',
      '2026-11-23': 'none explained',
    },
  },
  {
    rule: '8a: one from the day since which invitations have a term ends',
    acts: [['invitation', '2013-04-10']],
    on: { '2013-04-10': 'invited', '2018-04-09': 'invited', '2018-04-10': 'none explained' },
  },
  {
    rule: '8a: one from the day before is unknown after five years',
    acts: [['invitation', '2013-04-09']],
    on: {
      '2013-04-08': 'none',
      '2013-04-09': 'invited',
      '2018-04-08': 'invited',
      '2018-04-09': 'unknown',
      '2026-11-23': 'unknown',
    },
  },
  {
    rule: '8a: with a consent on record an invitation holds until the consent',
    acts: [
      ['invitation', '2007-01-31'],
      ['accession', '2017-09-22'],
    ],
    on: {
      '2007-01-30': 'none',
      '2007-01-31': 'invited',
      '2012-01-31': 'invited',
      '2017-09-21': 'invited',
      '2017-09-22': 'ratified',
    },
  },
  {
    rule: '8a: also until an undated consent',
    acts: [
      ['invitation', '2007-01-31'],
      ['accession', null],
      ['entry_into_force', '2018-01-01'],
    ],
    on: { '2017-08-31': 'invited', '2017-09-01': 'unknown', '2017-10-01': 'ratified computed' },
  },
  {
    rule: '8a: a second invitation counts for itself',
    acts: [
      ['invitation', '2014-01-01'],
      ['invitation', '2020-01-01'],
    ],
    on: {
      '2018-12-31': 'invited',
      '2019-01-01': 'none explained',
      '2019-12-31': 'none explained',
      '2020-01-01': 'invited',
      '2025-01-01': 'none explained',
    },
  },
  {
    rule: '8b: an undated invitation is unknown from the entry into force of the Convention',
    acts: [['invitation', null, 'stated']],
    on: {
      '2001-11-22': 'none',
      '2001-11-23': 'none',
      '2004-06-30': 'none',
      '2004-07-01': 'unknown',
      '2010-03-15': 'unknown',
      '2026-11-23': 'unknown',
    },
  },
  {
    rule: '8b: until the consent',
    acts: [
      ['invitation', null, 'stated'],
      ['accession', '2012-08-14'],
    ],
    on: {
      '2004-06-30': 'none',
      '2004-07-01': 'unknown',
      '2012-08-13': 'unknown',
      '2012-08-14': 'ratified',
    },
  },
  {
    rule: '8b: an accession without an invitation on record is unknown in the same time',
    acts: [
      ['accession', '2016-05-09'],
      ['entry_into_force', '2016-09-01'],
    ],
    on: {
      '2001-11-22': 'none',
      '2004-06-30': 'none',
      '2004-07-01': 'unknown',
      '2014-06-01': 'unknown',
      '2016-05-08': 'unknown',
      '2016-05-09': 'ratified',
    },
  },
  {
    rule: '8: a dated invitation precedes an undated one',
    acts: [
      ['invitation', null, 'stated'],
      ['invitation', '2014-01-01'],
    ],
    on: { '2013-12-31': 'unknown', '2014-01-01': 'invited', '2019-01-01': 'unknown' },
  },
  {
    rule: '8: the stronger step goes first',
    acts: [
      ['invitation', '2012-01-15'],
      ['signature', '2013-01-15'],
      ['accession', '2014-01-15'],
    ],
    on: { '2013-01-14': 'invited', '2013-01-15': 'signatory', '2014-01-15': 'ratified' },
  },
  {
    rule: '8: only the Convention invites',
    treaty: '224',
    acts: [['invitation', '2023-01-01']],
    on: { '2023-01-02': 'none' },
  },
  {
    rule: '8: without a consent on an incomplete record nothing excludes that the State is bound',
    record: [['185', 'consents_complete = false']],
    acts: [['invitation', '2014-01-01']],
    on: {
      '2001-11-22': 'none',
      '2001-11-23': 'none open',
      '2013-12-31': 'none open',
      '2014-01-01': 'invited open',
      '2019-01-01': 'none explained open',
    },
  },
  {
    rule: '7: the same of a signature',
    treaty: '189',
    acts: [['signature', '2009-09-09']],
    on: {
      '2003-01-27': 'none',
      '2003-01-28': 'none open',
      '2009-09-08': 'none open',
      '2009-09-09': 'signatory open',
    },
  },
  {
    rule: '7: with a later consent on an incomplete record a signatory is not bound',
    treaty: '189',
    acts: [
      ['signature', '2009-09-09'],
      ['ratification', '2012-08-14'],
    ],
    on: { '2009-09-09': 'signatory', '2012-08-13': 'signatory', '2012-08-14': 'ratified' },
  },
  {
    rule: '9: no act on a complete record is none',
    acts: [],
    on: { '2001-11-22': 'none', '2001-11-23': 'none', '2026-11-23': 'none' },
  },
  {
    rule: '9: with a reason if invitations are not complete and the State could be invited',
    record: [['185', 'invitations_complete = false']],
    acts: [],
    on: {
      '2001-11-23': 'none',
      '2004-06-30': 'none',
      '2004-07-01': 'none explained',
      '2026-11-23': 'none explained',
    },
  },
  {
    rule: '9: a member of the Council of Europe signs and is not invited',
    record: [['185', 'invitations_complete = false']],
    member: ['2007-05-11', '2022-03-16'],
    acts: [],
    on: {
      '2007-05-10': 'none explained',
      '2007-05-11': 'none',
      '2022-03-15': 'none',
      '2022-03-16': 'none explained',
    },
  },
  {
    rule: '9: only consents complete is unknown and not bound',
    record: [['185', 'signatures_complete = false, invitations_complete = false']],
    acts: [],
    on: { '2001-11-22': 'none', '2001-11-23': 'unknown', '2026-11-23': 'unknown' },
  },
  {
    rule: '9: consents not complete is unknown, and whether bound too',
    record: [['185', 'consents_complete = false']],
    acts: [],
    on: { '2001-11-22': 'none', '2001-11-23': 'unknown open', '2026-11-23': 'unknown open' },
  },
  {
    rule: '9: a State that is none under the Convention is none under its protocol',
    treaty: '189',
    acts: [],
    on: { '2003-01-27': 'none', '2010-01-01': 'none' },
  },
  {
    rule: '9: also while invited, and unknown from the day of the consent',
    treaty: '189',
    acts: [],
    convention: [
      ['invitation', '2008-01-01'],
      ['accession', '2012-08-14'],
    ],
    on: {
      '2007-12-31': 'none',
      '2008-01-01': 'none',
      '2012-08-13': 'none',
      '2012-08-14': 'unknown open',
      '2026-11-23': 'unknown open',
    },
  },
  {
    rule: '9: also while unknown by rule 8, each of its ways',
    treaty: '189',
    acts: [],
    convention: [['invitation', null, 'stated']],
    on: { '2004-07-01': 'none', '2026-11-23': 'none' },
  },
  {
    rule: '9: also while an invitation from before the terms is unknown',
    treaty: '189',
    acts: [],
    convention: [['invitation', '2010-01-01']],
    on: { '2014-12-31': 'none', '2015-01-01': 'none', '2026-11-23': 'none' },
  },
  {
    rule: '9: also after the term of an invitation, and before an accession without one',
    treaty: '189',
    acts: [],
    convention: [
      ['invitation', '2014-01-01'],
      ['withdrawal_of_signature', '2013-01-01'],
    ],
    on: { '2013-06-01': 'none', '2014-01-01': 'none', '2019-01-01': 'none' },
  },
  {
    rule: '9: a State that acceded to the Convention can only accede to 189: none where consents are complete',
    treaty: '189',
    record: [['189', 'consents_complete = true']],
    acts: [],
    convention: [['accession', '2012-08-14']],
    on: { '2003-01-28': 'none', '2012-08-13': 'none', '2012-08-14': 'none', '2026-11-23': 'none' },
  },
  {
    rule: '9: a State that ratified the Convention may have signed 189',
    treaty: '189',
    record: [['189', 'consents_complete = true']],
    acts: [],
    convention: [
      ['signature', '2005-05-05'],
      ['ratification', '2012-08-14'],
    ],
    on: { '2005-05-04': 'none', '2005-05-05': 'unknown', '2026-11-23': 'unknown' },
  },
  {
    rule: '9: a signatory of the Convention may have signed the protocol',
    treaty: '189',
    acts: [],
    convention: [['signature', '2005-05-05']],
    on: { '2005-05-04': 'none', '2005-05-05': 'unknown open' },
  },
  {
    rule: '9: unknown under the Convention by another rule is unknown under the protocol',
    treaty: '189',
    acts: [],
    convention: [['ratification', '2012-08-14']],
    on: { '2003-01-28': 'unknown open' },
  },
  {
    rule: '9: a former Party to the Convention may be a Party to the protocol by the record',
    treaty: '189',
    acts: [],
    convention: [
      ['signature', '2001-11-23'],
      ['ratification', '2006-06-30'],
      ['denunciation', '2015-01-31'],
    ],
    on: { '2015-05-01': 'unknown open' },
  },
  {
    rule: '9: a protocol whose consents and signatures are complete has no unknown ones',
    treaty: '224',
    acts: [],
    convention: [['accession', '2012-08-14']],
    on: { '2022-05-11': 'none', '2022-05-12': 'none', '2026-11-23': 'none' },
  },
  {
    rule: '9: 224 is open for signature to all Parties, so an accession to the Convention decides nothing',
    treaty: '224',
    record: [['224', 'signatures_complete = false']],
    acts: [],
    convention: [['accession', '2012-08-14']],
    on: { '2022-05-11': 'none', '2022-05-12': 'unknown', '2026-11-23': 'unknown' },
  },
  {
    rule: '10: with an act on record the others are known to be missing',
    treaty: '189',
    record: [['189', 'consents_complete = true']],
    acts: [['signature', '2009-09-09']],
    convention: [['accession', '2005-01-15']],
    on: { '2009-09-08': 'none', '2009-09-09': 'signatory' },
  },
];

const facts = await Facts.create();
after(() => facts.drop());

async function record(treaty: string, acts: Act[]): Promise<void> {
  for (const [i, [action, date, source = 'stated']] of acts.entries())
    await facts.run(
      `INSERT INTO action (id, country, treaty, action, date, source_id) VALUES ($1, 'NO', $2, $3, $4, $5)`,
      [`NO-${treaty}-${i}`, treaty, action, date, source],
    );
}

/** The row of a country, by default Norway; days as text. */
async function status(
  treaty: string,
  day: string,
  country = 'NO',
): Promise<Record<string, unknown>> {
  const rows = await facts.run(
    `SELECT to_jsonb(s) AS row FROM status_on($1, $2) AS s WHERE s.country = $3`,
    [treaty, day, country],
  );
  assert.equal(rows.length, 1, `one row for each country on ${day}`);
  return rows[0]?.['row'];
}

for (const {
  rule,
  treaty = '185',
  acts,
  convention = [],
  member,
  record: incomplete = [],
  on,
} of cases)
  test(`applies rule ${rule}`, () =>
    facts.undone(async () => {
      await record(treaty, acts);
      await record('185', convention);
      for (const [number, change] of incomplete)
        await facts.run(`UPDATE treaty SET ${change} WHERE number = $1`, [number]);
      if (member)
        await facts.run(
          `INSERT INTO membership (organisation, country, member_from, member_to, source_id)
           VALUES ('CoE', 'NO', $1, $2, 'stated')`,
          member,
        );
      for (const [day, wanted] of Object.entries(on)) {
        const row = await status(treaty, day);
        const [state, ...marks] = wanted.split(' ');
        const basis = marks.includes('computed') ? 'computed' : 'recorded';
        const bound = marks.includes('open') ? null : state === 'party';
        assert.deepEqual([row['state'], row['basis'], row['bound']], [state, basis, bound], day);

        // A reason in each language when the state is unknown or computed, else none.
        const why = state === 'unknown' || basis === 'computed' || marks.includes('explained');
        for (const reason of [row['reason_en'], row['reason_fr']])
          if (why) assert.match(String(reason), /^[A-Z][^.]+\.$/, day);
          else assert.equal(reason, null, day);

        // The rows of all treaties agree.
        const [same] = await facts.run(
          `SELECT to_jsonb(s) AS row FROM statuses_on($1) AS s WHERE s.country = 'NO' AND s.treaty = $2`,
          [day, treaty],
        );
        assert.deepEqual(same?.['row'], row, day);
      }
    }));

test('shows the acts up to the day, and a scheduled entry into force', () =>
  facts.undone(async () => {
    await record('185', [
      ['invitation', '2002-02-02'],
      ['signature', '2003-03-03'],
      ['approval', '2006-06-30'],
      ['entry_into_force', '2006-10-01'],
      ['denunciation', '2015-01-31'],
    ]);
    const none: Record<string, string | null> = {
      invited_on: null,
      signed_on: null,
      consented_on: null,
      consent: null,
      in_force_on: null,
      denounced_on: null,
    };
    const invited = { ...none, invited_on: '2002-02-02' };
    const signed = { ...invited, signed_on: '2003-03-03' };
    const bound = {
      ...signed,
      consented_on: '2006-06-30',
      consent: 'approval',
      in_force_on: '2006-10-01',
    };
    const steps: [string, Record<string, unknown>][] = [
      ['2002-02-01', none],
      ['2002-02-02', invited],
      ['2003-03-02', invited],
      ['2003-03-03', signed],
      ['2006-06-29', signed],
      ['2006-06-30', bound],
      ['2006-10-01', bound],
      ['2015-01-30', bound],
      ['2015-01-31', { ...bound, denounced_on: '2015-01-31' }],
      ['2015-05-01', { ...bound, denounced_on: '2015-01-31' }],
    ];

    for (const [day, dates] of steps) {
      const row = await status('185', day);
      const shown = Object.fromEntries(Object.keys(none).map((key) => [key, row[key]]));
      assert.deepEqual(shown, dates, day);
    }
  }));

test('shows a computed force day and leaves unknown days unknown', () =>
  facts.undone(async () => {
    await record('185', [
      ['signature', null, 'stated'],
      ['ratification', '2012-08-14'],
    ]);
    const dated = await status('185', '2012-09-01');
    assert.deepEqual(
      [dated['signed_on'], dated['consented_on'], dated['in_force_on']],
      [null, '2012-08-14', '2012-12-01'],
    );

    await facts.run(`UPDATE action SET date = NULL WHERE action = 'ratification'`);
    const undated = await status('185', '2012-09-01');
    assert.deepEqual(
      [undated['state'], undated['consented_on'], undated['consent'], undated['in_force_on']],
      ['party', null, 'ratification', null],
    );
  }));

test('schedules no entry into force before that of the treaty', () =>
  facts.undone(async () => {
    await record('185', [
      ['signature', '2001-11-23'],
      ['ratification', '2002-06-20'],
      ['entry_into_force', '2004-07-01'],
    ]);
    for (const [day, shown] of [
      ['2002-06-20', null],
      ['2004-06-30', null],
      ['2004-07-01', '2004-07-01'],
    ] as const)
      assert.equal((await status('185', day))['in_force_on'], shown, day);
    await facts.run(
      `UPDATE action SET date = NULL WHERE action = 'ratification'; UPDATE action SET date = '2016-05-01' WHERE action = 'entry_into_force'`,
    );
    for (const [day, shown] of [
      ['2016-01-31', null],
      ['2016-02-01', '2016-05-01'],
    ] as const)
      assert.equal((await status('185', day))['in_force_on'], shown, day);
  }));

test("names the source of the deciding act, else the treaty's", () =>
  facts.undone(async () => {
    await facts.run(`INSERT INTO source (id, url, retrieved_on)
      SELECT id, 'https://example.org/' || id, '2020-05-05' FROM unnest('{i,s,c,f,d}'::text[]) AS id`);
    await facts.run(`INSERT INTO action (id, country, treaty, action, date, source_id) VALUES
      ('1', 'NO', '185', 'invitation', '2002-02-02', 'i'), ('2', 'NO', '185', 'signature', '2003-03-03', 's'),
      ('3', 'NO', '185', 'approval', '2006-06-30', 'c'), ('4', 'NO', '185', 'entry_into_force', '2006-10-01', 'f'),
      ('5', 'NO', '185', 'denunciation', '2015-01-31', 'd')`);
    const deciding = {
      '2001-01-01': 'stated',
      '2002-01-01': 'stated',
      '2002-02-02': 'i',
      '2003-03-03': 's',
      '2006-06-30': 'c',
      '2006-10-01': 'f',
      '2015-01-31': 'f',
      '2015-05-01': 'd',
    };

    for (const [day, source] of Object.entries(deciding))
      assert.equal((await status('185', day))['source_id'], source, day);
    assert.equal((await status('189', '2010-01-01'))['source_id'], 'read');
    await facts.run(`DELETE FROM action WHERE id IN ('4', '5')`);
    assert.equal((await status('185', '2006-10-01'))['source_id'], 'c');
  }));

test('returns a row for every country and treaty', async () => {
  await facts.undone(async () => {
    await facts.run(`INSERT INTO country (code, alpha3, numeric, name_en, type, source_id)
      VALUES ('AQ', 'ATA', '010', 'Antarctica', 'other', 'stated')`);
    const rows = await facts.run(
      `SELECT country, type, treaty, state FROM statuses_on('2026-11-23') ORDER BY country, treaty`,
    );
    assert.deepEqual(
      rows.map((row) => Object.values(row).join(' ')),
      [
        ...['185', '189', '224'].map((treaty) => `AQ other ${treaty} unknown`),
        ...['185', '189', '224'].map((treaty) => `FO territory ${treaty} none`),
        ...['185', '189', '224'].map((treaty) => `NO state ${treaty} none`),
        ...['185', '189', '224'].map((treaty) => `RO state ${treaty} none`),
      ],
    );
  });
});

test('returns unknown for all treaties when the consents to the Convention are incomplete', () =>
  facts.undone(async () => {
    await facts.run(`UPDATE treaty SET consents_complete = false`);
    for (const treaty of ['185', '189', '224']) {
      const row = await status(treaty, '2026-11-23');
      assert.deepEqual([row['state'], row['bound']], ['unknown', null], treaty);
    }
    await record('185', [['invitation', '2025-01-01']]);
    for (const treaty of ['189', '224']) {
      const row = await status(treaty, '2026-11-23');
      assert.deepEqual([row['state'], row['bound']], ['none', false], treaty);
    }
  }));

test('expects no invitation of the four States that took part in drafting the Convention', () =>
  facts.undone(async () => {
    await facts.run(`UPDATE treaty SET invitations_complete = false;
      INSERT INTO country (code, alpha3, numeric, name_en, type, source_id)
      SELECT code, code || 'X', '90' || place, code, 'state', 'stated'
      FROM unnest('{CA,JP,US,ZA,KE}'::text[]) WITH ORDINALITY AS c (code, place)`);
    const reasons = await facts.run(`SELECT country, reason_en IS NOT NULL AS explained
      FROM status_on('185', '2026-11-23') WHERE country IN ('CA', 'JP', 'US', 'ZA', 'KE') ORDER BY 1`);
    assert.deepEqual(
      reasons.map((row) => Object.values(row).join(' ')),
      ['CA false', 'JP false', 'KE true', 'US false', 'ZA false'],
    );
  }));

test('says up to which day the acts are known', async () => {
  for (const country of ['NO', 'FO'])
    for (const [treaty, day] of [
      ['185', '2026-06-30'],
      ['224', '2026-02-05'],
    ] as const)
      assert.equal((await status(treaty, '2010-01-01', country))['known_until'], day, country);
});

/** What a statement of Norway says of the Faroe Islands, from a day. */
async function effect(
  effect: string,
  from: string,
  withdrawn: string | null = null,
  note: string | null = `Note ${from}.`,
): Promise<void> {
  await facts.run(
    `INSERT INTO statement (id, country, treaty, kind, territories, summary_en, withdrawn_on, source_id)
     VALUES ($1, 'NO', '185', 'territorial', '{FO}', 'x', $2, 'stated')`,
    [`s-${from}`, withdrawn],
  );
  await facts.run(
    `INSERT INTO territory_effect (id, territory, treaty, effect, effect_from, statement, note_en, note_fr, source_id)
     VALUES ($1, 'FO', '185', $2, $3, $4, $5, $6, 'read')`,
    [`e-${from}`, effect, from, `s-${from}`, note, note && `Note du ${from}.`],
  );
}

const PARTY_2006: Act[] = [
  ['signature', '2001-11-23'],
  ['ratification', '2006-06-30'],
  ['entry_into_force', '2006-10-01'],
];

/** The status of the Faroe Islands: state, bound, statement, in_force_on; the reason says why. */
const territories: {
  rule: string;
  acts: Act[];
  record?: string;
  effects?: Parameters<typeof effect>[];
  on: Record<
    string,
    [
      state: string,
      bound: boolean | null,
      statement: string | null,
      force: string | null,
      reason: RegExp,
    ]
  >;
}[] = [
  {
    rule: '1: none while the State is not bound, whatever a declaration says',
    acts: PARTY_2006,
    effects: [['applies', '2005-01-01']],
    on: {
      '2001-11-22': ['none', false, null, null, /\(Norway\) is not bound/],
      '2006-09-30': ['none', false, null, null, /\(Norway\) is not bound/],
      '2006-10-01': ['party', true, 's-2005-01-01', '2006-10-01', /^Note 2005-01-01\.$/],
    },
  },
  {
    rule: '1: none after the State ceased to be bound',
    acts: [...PARTY_2006, ['denunciation', '2015-01-31']],
    effects: [['applies', '2007-01-01']],
    on: {
      '2015-04-30': ['party', true, 's-2007-01-01', '2007-01-01', /^Note 2007/],
      '2015-05-01': ['none', false, null, null, /not bound/],
    },
  },
  {
    rule: '2: unknown while it is not known whether the State is bound',
    acts: [['ratification', null, 'stated']],
    effects: [['does_not_apply', '2005-01-01']],
    on: {
      '2010-06-30': ['unknown', null, null, null, /does not tell whether the State .*\(Norway\)/],
      '2010-07-01': ['none', false, 's-2005-01-01', null, /^Note 2005/],
    },
  },
  {
    rule: '2: also on an incomplete record without a consent',
    acts: [['signature', '2001-11-23']],
    record: 'consents_complete = false',
    on: { '2010-01-01': ['unknown', null, null, null, /does not tell/] },
  },
  {
    rule: '3: the newest effect of the day decides, from its day',
    acts: PARTY_2006,
    effects: [
      ['does_not_apply', '2006-10-01'],
      ['applies', '2024-10-01'],
    ],
    on: {
      '2006-09-30': ['none', false, null, null, /not bound/],
      '2006-10-01': ['none', false, 's-2006-10-01', null, /^Note 2006-10-01\.$/],
      '2024-09-30': ['none', false, 's-2006-10-01', null, /^Note 2006-10-01\.$/],
      '2024-10-01': ['party', true, 's-2024-10-01', '2024-10-01', /^Note 2024-10-01\.$/],
    },
  },
  {
    rule: '3: an effect ends with the withdrawal of its statement, and the one before counts again',
    acts: PARTY_2006,
    effects: [
      ['does_not_apply', '2007-01-01', '2020-05-05'],
      ['applies', '2010-01-01', '2015-05-05'],
    ],
    on: {
      '2009-12-31': ['none', false, 's-2007-01-01', null, /^Note 2007/],
      '2015-05-04': ['party', true, 's-2010-01-01', '2010-01-01', /^Note 2010/],
      '2015-05-05': ['none', false, 's-2007-01-01', null, /^Note 2007/],
      '2020-05-04': ['none', false, 's-2007-01-01', null, /^Note 2007/],
      '2020-05-05': ['unknown', null, null, null, /no declaration/],
    },
  },
  {
    rule: '3: an effect without a note still has a reason',
    acts: PARTY_2006,
    effects: [
      ['does_not_apply', '2006-10-01', null, null],
      ['applies', '2024-10-01', null, null],
    ],
    on: {
      '2006-10-01': ['none', false, 's-2006-10-01', null, /excludes this territory \(Norway\)/],
      '2024-10-01': [
        'party',
        true,
        's-2024-10-01',
        '2024-10-01',
        /extends the treaty .*\(Norway\)/,
      ],
    },
  },
  {
    rule: '3: from an unknown day where that of the State is not known',
    acts: [['ratification', null, 'stated']],
    effects: [['applies', '2005-01-01']],
    on: {
      '2010-06-30': ['unknown', null, null, null, /does not tell/],
      '2010-07-01': ['party', true, 's-2005-01-01', null, /^Note 2005/],
    },
  },
  {
    rule: '4: unknown while no declaration says more',
    acts: PARTY_2006,
    effects: [['applies', '2010-01-01']],
    on: {
      '2006-10-01': ['unknown', null, null, null, /Norway.*Article 38.*Article 29 of the Vienna/],
      '2009-12-31': ['unknown', null, null, null, /no declaration/],
      '2010-01-01': ['party', true, 's-2010-01-01', '2010-01-01', /^Note 2010/],
    },
  },
];

for (const { rule, acts, record: incomplete, effects = [], on } of territories)
  test(`applies the rule of territories ${rule}`, () =>
    facts.undone(async () => {
      await record('185', acts);
      if (incomplete) await facts.run(`UPDATE treaty SET ${incomplete} WHERE number = '185'`);
      for (const each of effects) await effect(...each);
      for (const [day, [state, bound, statement, force, reason]] of Object.entries(on)) {
        const { reason_en, reason_fr, ...row } = await status('185', day, 'FO');
        assert.match(String(reason_en), reason, day);
        assert.match(String(reason_fr), /^(Note du \d|.*\(Norvège\))/, day);
        assert.deepEqual(
          row,
          {
            country: 'FO',
            type: 'territory',
            responsible_state: 'NO',
            treaty: '185',
            state,
            bound,
            basis: 'computed',
            statement,
            invited_on: null,
            signed_on: null,
            consented_on: null,
            consent: null,
            in_force_on: force,
            denounced_on: null,
            known_until: '2026-06-30',
            source_id: statement ? 'read' : 'stated',
            revision: row['revision'],
            updated_at: row['updated_at'],
          },
          day,
        );
      }
    }));

test('names the article of each treaty under which a territory could be declared', () =>
  facts.undone(async () => {
    await facts.run(`UPDATE treaty SET entered_into_force_on = '2023-01-01' WHERE number = '224'`);
    for (const [treaty, article] of [
      ['185', 'Article 38'],
      ['189', 'Article 14'],
      ['224', 'Article 18'],
    ] as const) {
      await record(treaty, [['accession', '2024-01-15']]);
      const { state, reason_en } = await status(treaty, '2024-05-01', 'FO');
      assert.equal(state, 'unknown', treaty);
      assert.ok(String(reason_en).includes(article), treaty);
    }
  }));

test('does not know a status where no State decides', () =>
  facts.undone(async () => {
    await facts.run(
      `UPDATE country SET type = 'other', responsible_state = NULL WHERE code = 'FO'`,
    );
    for (const [day, state, bound, reason] of [
      ['2001-11-22', 'none', false, /not yet open/],
      ['2001-11-23', 'unknown', null, /^No State whose acts decide/],
      ['2026-11-23', 'unknown', null, /^No State whose acts decide/],
    ] as const) {
      const row = await status('185', day, 'FO');
      assert.deepEqual([row['state'], row['bound'], row['basis']], [state, bound, 'computed'], day);
      assert.match(String(row['reason_en']), reason, day);
      assert.match(String(row['reason_fr']), /^[AL][^.]+\.$/, day);
    }
  }));

test('has the revision of the newest record that a row follows from', () =>
  facts.undone(async () => {
    await record('185', PARTY_2006);
    await effect('applies', '2010-01-01');
    const revisions = async (): Promise<string> =>
      (
        await facts.run(`SELECT country || ' ' || treaty || ' ' || revision AS row
          FROM statuses_on('2026-11-23') WHERE country <> 'RO' AND treaty <> '224' ORDER BY 1`)
      )
        .map(({ row }) => String(row))
        .join(', ');
    // The acts are of revision 2, which this transaction has; so are a protocol's rows, which follow
    // the Convention.
    assert.equal(await revisions(), 'FO 185 2, FO 189 2, NO 185 2, NO 189 2');
  }));

test('does not depend on the DateStyle of the session', () =>
  facts.undone(async () => {
    await record('185', [
      ['invitation', '2010-12-01'],
      ['invitation', '2012-01-31'],
    ]);
    await facts.run(`UPDATE action SET source_id = 'read' WHERE date = '2012-01-31'`);
    await facts.run(`SET LOCAL DateStyle = 'German'`);
    assert.equal((await status('185', '2012-02-01'))['source_id'], 'read');
  }));

test('inlines the functions, so that a condition on country reaches the acts', () =>
  facts.undone(async () => {
    const plan = async (text: string): Promise<string> =>
      (await facts.run(`EXPLAIN ${text}`)).map((row) => row['QUERY PLAN']).join('\n');

    // As many rows as would make reading them all expensive.
    await facts.run(`INSERT INTO country (code, alpha3, numeric, name_en, type, source_id)
        SELECT code, code || 'X', lpad(i::text, 3, '0'), code, 'state', 'stated'
        FROM generate_series(1, 570) AS i, LATERAL (SELECT chr(65 + i / 26) || chr(65 + i % 26)) AS c (code)
        WHERE code NOT IN ('NO', 'FO', 'RO') AND i NOT IN (234, 578, 642);
      INSERT INTO action (id, country, treaty, action, date, source_id)
        SELECT code || number || i, code, number, 'signature', '2005-05-05', 'stated'
        FROM country, treaty, generate_series(1, 3) AS i;
      ANALYZE country, treaty, source, action`);
    for (const from of [`status_on('185', '2026-11-23')`, `statuses_on('2026-11-23')`]) {
      const shown = await plan(`SELECT * FROM ${from} AS s WHERE s.country = ANY ('{NO}')`);
      assert.doesNotMatch(shown, /Function Scan/);
      assert.match(shown, /code = ANY \('\{NO\}'::text\[\]\)/);
      assert.match(shown, /Index Scan (using \w+ )?on action.*\n *Index Cond: \(\(country = CASE/);
    }
  }));
