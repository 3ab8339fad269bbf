// The articles that allow a statement, by the rules of the data model.
import { type Row, list } from './reference_data.js';

/** The provisions that allow a statement: treaty of the statement, treaty and number of the article. */
export const enabling: Record<string, 'reservation' | 'declaration' | 'communication'> = {
  '185 185 4.2': 'reservation',
  '185 185 6.3': 'reservation',
  '185 185 9.4': 'reservation',
  '185 185 10.3': 'reservation',
  '185 185 11.3': 'reservation',
  '185 185 14.3': 'reservation',
  '185 185 22.2': 'reservation',
  '185 185 29.4': 'reservation',
  '185 185 41.1': 'reservation',
  '185 185 2': 'declaration',
  '185 185 3': 'declaration',
  '185 185 6.1.b': 'declaration',
  '185 185 7': 'declaration',
  '185 185 9.3': 'declaration',
  '185 185 27.9.e': 'declaration',
  '189 189 3.2': 'reservation',
  '189 189 3.3': 'reservation',
  '189 189 5.2.b': 'reservation',
  '189 189 6.2.b': 'reservation',
  '189 185 22.2': 'reservation',
  '189 185 41.1': 'reservation',
  '189 189 5.2.a': 'declaration',
  '189 189 6.2.a': 'declaration',
  '189 189 12.1': 'declaration',
  '224 224 7.9.a': 'reservation',
  '224 224 8.11': 'declaration',
  '224 224 8.10.a': 'communication',
  '224 224 8.10.b': 'communication',
  '224 224 14.7.c': 'communication',
  '224 224 14.10.b': 'communication',
  '224 224 6.6': 'communication',
};

/** The final provision that names each kind of statement; Article 6 of 224 stands alone. */
const FINAL: Record<string, string> = {
  '185 reservation': '42',
  '185 declaration': '40',
  '189 reservation': '12.2',
  '189 declaration': '12.3',
  '224 reservation': '19.1',
  '224 declaration': '19.2',
  '224 communication': '19.3',
};

/** The provision that allows a statement under an article; null if none does. */
export function allowedBy(treaty: string, article: string | undefined): string | null {
  const permits = enabling[`${treaty} ${treaty} ${article}`];
  if (!permits) return null;
  if (article === '12.1' || article === '6.6') return article;
  return FINAL[`${treaty} ${permits}`] ?? null;
}

/** Art. 42 reservations whose paragraph a statement may name by its article alone. */
const OF_ARTICLE: Record<string, string> = {
  6: '6.3',
  9: '9.4',
  10: '10.3',
  11: '11.3',
  14: '14.3',
  20: '14.3',
  21: '14.3',
  22: '22.2',
};

const within = (article: string, above: string): boolean => `${article}.`.startsWith(`${above}.`);

/** The treaty that an article named in a statement belongs to. */
export const treatyOf = (statement: string | undefined, article: string): string =>
  statement === '189' && ['22', '41'].includes(article.split('.')[0] ?? '')
    ? '185'
    : (statement ?? '');

export interface Enabling {
  treaty: string;
  article: string;
}

/** The article that allows a statement; null if none does. */
export function enablingOf(row: Row): Enabling | null {
  const kind = row['kind'] === 'authority' ? 'communication' : row['kind'];
  const provisions = Object.entries(enabling)
    .map(([key, permits]) => {
      const [statement = '', treaty = '', article = ''] = key.split(' ');
      return { statement, treaty, article, permits };
    })
    .filter(({ statement }) => statement === row['treaty']);
  const named = list(row['articles']);

  for (const article of named) {
    const found =
      provisions
        .filter((provision) => within(article, provision.article))
        .sort((a, b) => b.article.length - a.article.length)[0] ??
      provisions
        .filter((provision) => within(provision.article, article) && provision.permits === kind)
        .sort((a, b) => a.article.localeCompare(b.article, 'en', { numeric: true }))[0];
    if (found) return { treaty: found.treaty, article: found.article };
  }
  if (row['treaty'] !== '185') return null;
  const article = named.map((each) => OF_ARTICLE[each.split('.')[0] ?? '']).find(Boolean);
  return article ? { treaty: '185', article } : null;
}

/** The role of an article in a statement. */
export function roleOf(row: Row, article: string): 'enabling' | 'affected' {
  const found = enablingOf(row);
  const fits = (each: string): boolean =>
    found !== null && treatyOf(row['treaty'], each) === found.treaty && within(each, found.article);
  const stands =
    found !== null &&
    treatyOf(row['treaty'], article) === found.treaty &&
    within(found.article, article) &&
    !list(row['articles']).some(fits);

  return fits(article) || stands ? 'enabling' : 'affected';
}
