import { VERDICT_WORDS, VERDICTS } from '../../analysis/verdict-names';
import { kernelKey, tapCount } from '../../domain/model';
import type { LayerChoices, Sorting } from '../../state/layer-table.svelte';
import { LAYER_COLUMNS, NAME_COLUMN, type SortKey } from './layer-columns';
import { holds, nameKey, parseQuery, type LayerQuery, type QueryColumn } from './layer-query';
import type { LayerRow } from './layer-rows';

export type Facet = keyof LayerChoices;
/** A value that layers can be chosen by, and how many layers of the model have it. */
export type FacetCount = [value: string, count: number];

/** Columns with figures, by the names that conditions can give them. */
const QUERY_COLUMNS: ReadonlyMap<string, QueryColumn> = new Map(
  LAYER_COLUMNS.filter(({ numeric }) => numeric).flatMap(({ id, title, aliases = [], share = false }) =>
    [title, ...aliases].map((name): [string, QueryColumn] => [nameKey(name), { id, share }]),
  ),
);

const collator = new Intl.Collator('en', { numeric: true });

export function readQuery(text: string): LayerQuery {
  return parseQuery(text, QUERY_COLUMNS);
}

/** Values of the rows with how many have them: verdicts by gravity, sizes by their weights, kinds by number. */
export function countFacets(rows: readonly LayerRow[]): Record<Facet, FacetCount[]> {
  const counts = (facet: Facet): FacetCount[] => {
    const found = new Map<string, number>();
    for (const row of rows) {
      const value = facetValue(row, facet);
      if (value !== null) found.set(value, (found.get(value) ?? 0) + 1);
    }
    return [...found];
  };
  const gravity = ([name]: FacetCount) => VERDICTS.findIndex((verdict) => verdict === name);
  const taps = ([size]: FacetCount) => tapCount(size.split('x').map(Number));
  return {
    verdict: counts('verdict').sort((a, b) => gravity(a) - gravity(b)),
    kind: counts('kind').sort((a, b) => b[1] - a[1]),
    kernel: counts('kernel').sort((a, b) => taps(a) - taps(b) || collator.compare(a[0], b[0])),
  };
}

/** The choices with one taken back or added. */
export function toggleChoice(choices: LayerChoices, facet: Facet, value: string): LayerChoices {
  const chosen: readonly string[] = choices[facet];
  const next = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
  return { ...choices, [facet]: next };
}

/** Rows that meet the query and the choices, sorted; what is not available comes last either way. Null keeps file order. */
export function arrangeRows(
  rows: readonly LayerRow[],
  { words, conditions }: LayerQuery,
  choices: LayerChoices,
  sorting: Sorting | null,
): LayerRow[] {
  const facets = (Object.keys(choices) as Facet[]).filter((facet) => choices[facet].length > 0);
  const asked = conditions.map((condition) => ({
    condition,
    column: LAYER_COLUMNS.find(({ id }) => id === condition.column)!,
  }));
  const found = rows.filter((row) => {
    const isChosen = facets.every((facet) => {
      const value = facetValue(row, facet);
      return value !== null && (choices[facet] as readonly string[]).includes(value);
    });
    return (
      isChosen &&
      hasWords(row, words) &&
      asked.every(({ condition, column }) => holds(condition, numberOf(column.key(row))))
    );
  });
  return sorting ? sortRows(found, sorting) : found;
}

function sortRows(rows: LayerRow[], { column: id, descending }: Sorting): LayerRow[] {
  const column = [NAME_COLUMN, ...LAYER_COLUMNS].find((other) => other.id === id);
  if (!column) return rows;
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: missing(column.key(row)) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      const order =
        typeof a.key === 'string' ? collator.compare(a.key, String(b.key)) : a.key - Number(b.key);
      return sign * order;
    })
    .map(({ row }) => row);
}

function hasWords({ layer, verdict }: LayerRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text =
    `${layer.label} ${layer.kind} ${kernelKey(layer.kernel)} ${verdict ? VERDICT_WORDS[verdict.name] : ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function facetValue({ layer, verdict }: LayerRow, facet: Facet): string | null {
  switch (facet) {
    case 'verdict':
      return verdict?.name ?? null;
    case 'kind':
      return layer.kind;
    case 'kernel':
      return kernelKey(layer.kernel);
  }
}

function numberOf(key: SortKey): number | null {
  return typeof key === 'number' ? key : null;
}

function missing(key: SortKey): SortKey {
  return typeof key === 'number' && Number.isNaN(key) ? null : key;
}

/** What a click on a column's header does: rising, falling, file order. */
export function nextSorting(current: Sorting | null, column: string): Sorting | null {
  if (current?.column !== column) return { column, descending: false };
  return current.descending ? null : { column, descending: true };
}
