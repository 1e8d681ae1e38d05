import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds, parseQuery, type Condition } from '../../src/views/overview/layer-query';

const columns = new Map([
  ['sparsity', { id: 'sparsity', share: true }],
  ['h', { id: 'entropy', share: false }],
  ['h/t_h', { id: 'ratio', share: false }],
  ['filters', { id: 'filters', share: false }],
]);
function parse(text: string) {
  return parseQuery(text, columns);
}
function first(text: string): Condition | undefined {
  return parse(text).conditions[0];
}

describe('parseQuery', () => {
  test.each([
    ['sparsity > 20 %', 'sparsity', '>', 0.2],
    ['sparsity>20', 'sparsity', '>', 0.2],
    ['Sparsity ≥ 0.2', 'sparsity', '>=', 0.2],
    ['h < .5', 'entropy', '<', 0.5],
    ['H / T_H <= 90%', 'ratio', '<=', 0.9],
    ['filters >= 1,000', 'filters', '>=', 1000],
    ['filters >= 1e3', 'filters', '>=', 1000],
    ['filters > 1000,', 'filters', '>', 1000],
    ['h > -1', 'entropy', '>', -1],
  ])('reads %s', (text, column, comparison, value) => {
    const { conditions, words, problem } = parse(text);
    expect(conditions).toMatchObject([{ column, comparison }]);
    expect(conditions[0]!.value).toBeCloseTo(value, 12);
    expect({ words, problem }).toEqual({ words: [], problem: null });
  });

  test('words and conditions stand beside each other', () => {
    const { words, conditions, problem } = parse('Block1 sparsity > 20 %, h < 0.5 and 3x3 filters > 8');
    expect(words).toEqual(['block1', '3x3']);
    expect(conditions.map(({ column }) => column)).toEqual(['sparsity', 'entropy', 'filters']);
    expect(problem).toBeNull();
  });

  test('plain words stay what they are', () => {
    expect(parse('Band and H sparsity').words).toEqual(['band', 'and', 'h', 'sparsity']);
    expect(parse('"a=b  C" x').words).toEqual(['a=b  c', 'x']);
    expect(parse('"" " "').words).toEqual([]);
  });

  test.each(['colour > 3', 'h <', 'h < much', '> 3', '<', 'h < < 3', 'h < 1e999', `h < ${'1'.repeat(50)}`])(
    'says that %s is not understood',
    (text) => {
      const { conditions, problem } = parse(text);
      expect(conditions).toEqual([]);
      expect(problem).toMatch(/is not understood/);
    },
  );

  test('what is understood beside it still holds', () => {
    const { words, conditions, problem } = parse('stem colour > 3 h < 0.5');
    expect(words).toEqual(['stem']);
    expect(conditions).toHaveLength(1);
    expect(problem).toMatch('“colour > 3”');
  });

  test('names of properties that objects have are words', () => {
    const words = ['tostring', 'constructor', '__proto__', 'valueof'];
    expect(parse('toString constructor __proto__ valueOf')).toEqual({ words, conditions: [], problem: null });
  });

  test('any text is read, every comparison kept or told', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('h', 'sparsity', '<', '>=', '=', '0.5', '20', '%', '"', ',', 'and', ' '),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join(' ');
        const { words, conditions, problem } = parse(text);
        const comparisons = /[<>=≤≥]/.test(text.replace(/"[^"]*"/g, ''));
        if (comparisons) expect(conditions.length > 0 || problem !== null).toBe(true);
        else expect({ conditions, problem }).toEqual({ conditions: [], problem: null });
        for (const { value, tolerance } of conditions) {
          expect(Number.isFinite(value) && tolerance >= 0).toBe(true);
        }
        expect(words.every((word) => word === word.toLowerCase())).toBe(true);
      }),
    );
  });

  test('any number that is written is read back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999, max: 999_999 }),
        fc.integer({ min: 0, max: 6 }),
        (n, digits) => {
          const value = n / 10 ** digits;
          expect(first(`h = ${value.toFixed(digits)}`)?.value).toBeCloseTo(value, 10);
        },
      ),
    );
  });

  test.each(['"', '<', 'h<', 'h < 1 ', '1,', 'a ', '(((('])('a long text of %s is read', (piece) => {
    const text = piece.repeat(200_000 / piece.length);
    expect(parse(text).words.length + parse(text).conditions.length).toBeGreaterThanOrEqual(0);
  });
});

describe('holds', () => {
  test('what is not available meets no condition', () => {
    for (const text of ['h < 1', 'h >= 0', 'h = 0']) {
      expect(holds(first(text)!, null)).toBe(false);
      expect(holds(first(text)!, NaN)).toBe(false);
    }
  });

  test('a comparison holds at its border where it says so', () => {
    const at = (text: string) => holds(first(text)!, 0.5);
    expect([at('h < 0.5'), at('h <= 0.5'), at('h > 0.5'), at('h >= 0.5'), at('h = 0.5')]).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
  });

  test('equal is equal to the digits written', () => {
    expect(holds(first('h = 0.5')!, 0.54)).toBe(true);
    expect(holds(first('h = 0.50')!, 0.54)).toBe(false);
    expect(holds(first('sparsity = 12.5 %')!, 0.1254)).toBe(true);
  });
});
