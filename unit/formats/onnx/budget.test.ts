import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../../src/formats/byte-source';
import { costOf, stepsOf } from '../../../src/formats/onnx/cost';
import { evaluatePlan } from '../../../src/formats/onnx/evaluate';
import type { WeightPlan } from '../../../src/formats/onnx/plan';
import { PlanTable } from '../../../src/formats/onnx/plan-table';
import { int64s, message, model, node, tensor, type Field } from '../support/onnx-writer';
import { onlyWeight, openBytes } from '../support/open-bytes';

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

const context = { file: bytesSource('m.onnx', new Uint8Array(0)), companions: new Map(), subject: 'it' };

function chainOf(length: number): { table: PlanTable; last: WeightPlan } {
  const table = new PlanTable();
  let last = table.make({ step: 'literal', name: 'w', values: [1, -2] }, [2], 'float32', true);
  for (let i = 0; i < length; i++)
    last = table.make({ step: 'unary', operator: 'Neg', input: last }, [2], 'float32', true);
  return { table, last };
}

describe('long expressions', () => {
  test('100,000 steps are computed without recursion', async () => {
    expect(Array.from(await evaluatePlan(chainOf(100_000).last, context))).toEqual([1, -2]);
  });

  test('a chain of 100,000 nodes behind a convolution ends at a limit that is named', async () => {
    const nodes = range(100_000).map((i) => node('Neg', [`t${i}`], [`t${i + 1}`]));
    const conv = node('Conv', ['x', 't100000'], ['y'], {}, { name: 'conv' });
    const bytes = model({ nodes: [...nodes, conv], initializers: [tensor('t0', [1, 1, 2], [1, 2])] });
    const { description } = await openBytes(bytes);
    expect(description.layers).toHaveLength(0);
    expect(description.warnings[1]).toMatchObject({ code: 'too-large' });
    expect(description.warnings[1].message).toMatch(/from "t0" on is more than 4,096 steps long/);
  });

  test('1,000 steps are read', async () => {
    const nodes = range(1000).map((i) => node('Neg', [`t${i}`], [`t${i + 1}`]));
    const conv = node('Conv', ['x', 't1000'], ['y']);
    const w = tensor('t0', [1, 1, 2], [1, 2]);
    expect(await onlyWeight(model({ nodes: [...nodes, conv], initializers: [w] }))).toEqual([1, 2]);
  });

  test('a convolution at each of 6,000 steps: the first are read, the rest named, quickly', async () => {
    const nodes = range(6000).flatMap((i) => [
      node('Neg', [`t${i}`], [`t${i + 1}`]),
      node('Conv', ['x', `t${i + 1}`], [`y${i}`]),
    ]);
    const w = tensor('t0', [1, 1, 2], [1, 2]);
    const { description } = await openBytes(model({ nodes, initializers: [w] }));
    expect(description.layers.length).toBeGreaterThan(500);
    expect(description.layers.length).toBeLessThan(4096);
    expect(description.warnings[0].message).toMatch(/more than 524,288 steps together/);
  });
});

describe('cost', () => {
  test('inputs are held until their last use, a reshape holds nothing of its own', () => {
    const table = new PlanTable();
    const w = table.make({ step: 'fill', name: 'w', value: 1 }, [1000], 'float64', false);
    const flat = table.make({ step: 'reshape', input: w }, [10, 100], 'float64', false);
    expect(costOf(stepsOf(flat)!).peakBytes).toBe(8000);
    const square = table.make(
      { step: 'binary', operator: 'Mul', left: flat, right: w },
      [10, 100],
      'float64',
      false,
    );
    expect(costOf(stepsOf(square)!).peakBytes).toBe(16_000);
    const root = table.make({ step: 'unary', operator: 'Sqrt', input: square }, [10, 100], 'float64', false);
    expect(costOf(stepsOf(root)!).peakBytes).toBe(16_000);
    const sum = table.make(
      { step: 'binary', operator: 'Add', left: root, right: w },
      [10, 100],
      'float64',
      false,
    );
    expect(costOf(stepsOf(sum)!).peakBytes).toBe(24_000);
  });

  test('a layer that takes too much memory is left out with the number and the limit, the others are read', async () => {
    const w = tensor('w', [1, 1, 4], [1, 2, 3, 4]);
    const nodes = [
      node('Tile', ['w', 'by'], ['large']),
      node('Neg', ['large'], ['negated']),
      node('Conv', ['x', 'negated'], ['y'], {}, { name: 'large' }),
      node('Conv', ['x', 'w'], ['z'], {}, { name: 'small' }),
    ];
    const opened = await openBytes(model({ nodes, initializers: [w, int64s('by', [2 ** 13, 2 ** 12, 1])] }));
    const { layers, warnings } = opened.description;
    expect(layers.map((layer) => layer.name)).toEqual(['small']);
    expect(warnings).toMatchObject([{ code: 'too-large', node: 'large' }]);
    expect(warnings[0].message).toMatch(/computing it from "w" takes .* of memory; Filterscope takes up to/);
  });

  test('what a layer takes to compute is known before it is; 0 where it is read as it lies', async () => {
    const nodes = [
      node('Tile', ['w', 'by'], ['t']),
      node('Conv', ['x', 't'], ['y']),
      node('Conv', ['x', 'w'], ['z']),
    ];
    const initializers = [tensor('w', [1, 1, 4], [1, 2, 3, 4]), int64s('by', [2, 3, 1])];
    const opened = await openBytes(model({ nodes, initializers }));
    expect([0, 1].map((i) => opened.evaluationBytes(i))).toEqual([4 * (4 + 24), 0]);
  });
});

test('a function of many inputs, called often, is refused with the number of names', async () => {
  const names = range(20_000).map((i) => `i${i}`);
  const fields: Field[] = names.map((name) => [4, name]);
  const body = message([1, 'i0'], [2, 'o'], [4, 'Identity']);
  const callee = message([1, 'F'], ...fields, [5, 'o'], [7, body], [10, 'local']);
  const nodes = range(2000).map((i) => node('F', ['x'], [`y${i}`], {}, { domain: 'local' }));
  await expect(openBytes(model({ nodes }, [callee]))).rejects.toThrow(/16,000,000 names/);
});

describe('equal constants', () => {
  test('NaN, infinities, zeros and nulls are told apart', () => {
    const table = new PlanTable();
    const ids = [NaN, Infinity, -Infinity, 0, -0].map(
      (value) => table.make({ step: 'fill', name: 'w', value }, [2], 'float32', true).id,
    );
    expect(new Set(ids).size).toBe(5);
    expect(table.make({ step: 'fill', name: 'w', value: NaN }, [2], 'float32', true).id).toBe(ids[0]);
  });

  test('Clip from -Inf to Inf leaves the weights', async () => {
    const initializers = [
      tensor('w', [1, 1, 3], [-1, 0, 2]),
      tensor('low', [], [-Infinity]),
      tensor('high', [], [Infinity]),
    ];
    for (const clip of [node('Clip', ['w', 'low', 'high'], ['c']), node('Clip', ['w', 'l', 'h'], ['c'])]) {
      const constants = [
        node('Constant', [], ['l'], { value: { tensor: tensor('', [], [-Infinity]) } }),
        node('Constant', [], ['h'], { value: { tensor: tensor('', [], [Infinity]) } }),
      ];
      const nodes = [...constants, clip, node('Conv', ['x', 'c'], ['y'])];
      expect(await onlyWeight(model({ nodes, initializers }))).toEqual([-1, 0, 2]);
    }
  });
});

describe('messages', () => {
  test('long lists, long names and many warnings are bounded', async () => {
    const shape = int64s('shape', [...range(16_000).map((i) => 9e14 + i)]);
    const nodes = range(1500).flatMap((i) => [
      node('Reshape', ['w', 'shape'], [`r${i}`], {}, { name: 'n'.repeat(3000) }),
      node('Conv', ['x', `r${i}`], [`y${i}`], {}, { name: `${i}${'c'.repeat(3000)}` }),
    ]);
    const { warnings } = (
      await openBytes(model({ nodes, initializers: [tensor('w', [1, 1, 2], [1, 2]), shape] }))
    ).description;
    expect(Math.max(...warnings.map((w) => w.message.length))).toBeLessThanOrEqual(500);
    expect(warnings.reduce((sum, w) => sum + w.message.length, 0)).toBeLessThan(210_000);
    expect(warnings[1].message).toMatch(/and 15992 more\]/);
    expect(warnings.at(-1)).toMatchObject({ code: 'more-warnings' });
  });
});

test('of thousands of operator types and domains the most frequent are listed, the rest counted', async () => {
  const nodes = range(3000).map((i) => node(`Op${i}`, ['x'], [`y${i}`]));
  const repeated = range(5).map((i) => node('Often', ['x'], [`z${i}`]));
  const { facts } = (await openBytes(model({ nodes: [...nodes, ...repeated] }))).description;
  expect(Object.keys(facts.operatorCounts)).toHaveLength(500);
  expect(facts.operatorCounts.Often).toBe(5);
  expect(facts.omitted).toEqual({ opsets: 0, operatorTypes: 2501, operatorNodes: 2501 });
});

describe('reading', () => {
  const twice = model({
    nodes: [node('Neg', ['w'], ['n']), node('Conv', ['x', 'n'], ['y'], {}, { name: 'conv' })],
    initializers: [tensor('w', [2, 1, 2], [1, 2, 3, 4])],
  });

  test('requests at once give what each asked for', async () => {
    const opened = await openBytes(twice);
    const reads = [undefined, { first: 1, count: 1 }, { first: 0, count: 1 }, undefined];
    const banks = await Promise.all(reads.map((part) => opened.readFilters(0, part)));
    expect(banks.map((bank) => Array.from(bank.values))).toEqual([
      [-1, -2, -3, -4],
      [-3, -4],
      [-1, -2],
      [-1, -2, -3, -4],
    ]);
  });

  test('one that is cancelled while it waits leaves the others alone', async () => {
    const opened = await openBytes(twice);
    const controller = new AbortController();
    const first = opened.readFilters(0);
    const second = opened.readFilters(0, undefined, controller.signal);
    const third = opened.readFilters(0);
    controller.abort();
    await expect(second).rejects.toThrow(/abort/i);
    expect(Array.from((await first).values)).toEqual(Array.from((await third).values));
  });
});
