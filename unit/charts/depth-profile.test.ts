import { describe, expect, test } from 'vitest';
import {
  layoutProfile,
  nearestMark,
  panelDomain,
  stepAlong,
  type DepthPanel,
  type DepthPoint,
} from '../../src/charts/depth-profile';
import { textWidth } from '../../src/charts/axis';
import { dashesPath, marksPath, stemsPath } from '../../src/charts/depth-marks';

function panel(part: Partial<DepthPanel>): DepthPanel {
  return {
    key: 'sparsity',
    label: 'Sparsity S',
    symbol: 'S',
    bounds: [0, 1],
    values: [0, 0.5, 1],
    zones: [],
    ...part,
  };
}

function points(depths: (number | null)[]): DepthPoint[] {
  return depths.map((depth, index) => ({
    index,
    label: `layer ${index}`,
    depth,
    kind: 'full',
    verdict: 'healthy',
  }));
}

describe('layoutProfile', () => {
  test('places layers by depth and value', () => {
    const layout = layoutProfile(800, points([0, 0.25, 1]), [panel({})]);
    const { marks, top, bottom } = layout.panels[0]!;
    expect(marks.map((mark) => mark.at)).toEqual([0, 1, 2]);
    expect(marks.map((mark) => mark.y)).toEqual([bottom, (top + bottom) / 2, top]);
    const share = (marks[1]!.x - layout.left) / (layout.right - layout.left);
    expect(share).toBeCloseTo(0.25);
  });

  test('prints shares in per cent', () => {
    const labels = (share: boolean) =>
      layoutProfile(800, points([0]), [panel({ share })]).panels[0]!.ticks.map(({ label }) => label);
    expect(labels(true)).toEqual(labels(false).map((label) => `${Number(label) * 100} %`));
    expect(labels(true)).toContain('100 %');
  });

  test('leaves out what is not available, and says how many layers have no depth', () => {
    const layout = layoutProfile(800, points([0, null, 1]), [panel({ values: [null, 0.5, NaN] })]);
    expect(layout.panels[0]!.marks).toEqual([]);
    expect(layout.panels[0]!.groups).toEqual([]);
    expect(layout.unplaced).toBe(1);
  });

  test('groups marks that are drawn alike, the gravest on top', () => {
    const [plain, other, third] = points([0, 0.5, 1]);
    const flagged = { ...plain!, kind: 'depthwise' as const, verdict: 'all-zero' as const };
    const { groups } = layoutProfile(800, [flagged, other!, third!], [panel({})]).panels[0]!;
    expect(groups.map(({ kind, marks }) => [kind, marks.map(({ at }) => at)])).toEqual([
      ['full', [1, 2]],
      ['depthwise', [0]],
    ]);
  });

  test('says above the panel what has no room beside it', () => {
    const zones = [{ from: 0.5, to: null, label: 'sparse', tone: 'warn' as const }];
    const references = [{ label: 'T_H', values: [1, 1, 1], line: 'dashed' as const }];
    const captions = (width: number) =>
      layoutProfile(width, points([0, 0.5, 1]), [
        panel({ zones, references, simulated: [true, false, false] }),
      ]).panels[0]!;
    expect(captions(800).captions.map(({ text }) => text)).toEqual([
      'dashed tick: T_H · stem: simulated T_H',
    ]);
    expect(
      captions(360)
        .captions.map(({ text }) => text)
        .join(),
    ).toMatch('sparse');
    for (const width of [200, 360, 800]) {
      const { captions: lines, top } = captions(width);
      for (const { y } of lines) expect(y).toBeLessThan(top - 4);
    }
  });

  test('draws zones between their borders, open ones to the edge', () => {
    const zones = [
      { from: 0.75, to: null, label: 'random', tone: 'bad' as const },
      { from: null, to: 0.25, label: 'low', tone: 'warn' as const },
      { from: 2, to: null, label: 'beyond', tone: 'warn' as const },
    ];
    const layout = layoutProfile(800, points([0, 0.5, 1]), [panel({ values: [0, 1, 0.5], zones })]);
    const { top, bottom, zones: drawn } = layout.panels[0]!;
    expect(drawn.map(({ label }) => label)).toEqual(['random', 'low', '↑ beyond']);
    expect(drawn[2]).toMatchObject({ top, bottom: top, edges: [] });
    expect(drawn[0]).toMatchObject({ top, edges: [drawn[0]!.bottom] });
    expect(drawn[1]).toMatchObject({ bottom, edges: [drawn[1]!.top] });
    expect(drawn[0]!.bottom - top).toBeCloseTo((bottom - top) / 4);
  });

  test('moves the names of thin zones apart', () => {
    const zones = [0.5, 0.51, 0.52].map((from) => ({
      from,
      to: from + 0.01,
      label: `${from}`,
      tone: 'warn' as const,
    }));
    const drawn = layoutProfile(800, points([0]), [panel({ zones })]).panels[0]!.zones;
    const labels = drawn.map(({ labelY }) => labelY).sort((a, b) => a - b);
    expect(labels[1]! - labels[0]!).toBeGreaterThanOrEqual(13);
    expect(labels[2]! - labels[1]!).toBeGreaterThanOrEqual(13);
  });

  test.each([0, 1, 1000])('holds %d layers at any width', (count) => {
    const many = points(Array.from({ length: count }, (_, i) => (count > 1 ? i / (count - 1) : 0)));
    for (const width of [0, 360, 1280]) {
      const values = many.map(() => 0.3);
      const layout = layoutProfile(width, many, [panel({ values })]);
      const { marks } = layout.panels[0]!;
      expect(marks).toHaveLength(count);
      for (const { x, y } of marks) {
        expect(x).toBeGreaterThanOrEqual(layout.left);
        expect(x).toBeLessThanOrEqual(layout.right);
        expect(Number.isFinite(y)).toBe(true);
      }
      expect(layout.ticks.every((tick) => tick.value >= 0 && tick.value <= 1)).toBe(true);
    }
  });
});

describe('panelDomain', () => {
  const bounds: [number, number] = [0, Infinity];

  test('fits values and references, within what values can be', () => {
    const references = [{ label: 'T', values: [1.2], line: 'solid' as const }];
    const [low, high] = panelDomain(panel({ values: [0.9, null], references, bounds }));
    expect(low).toBeGreaterThan(0.8);
    expect(low).toBeLessThan(0.9);
    expect(high).toBeGreaterThan(1.2);
    expect(panelDomain(panel({ values: [0, 0.99] }))).toEqual([0, 1]);
    expect(panelDomain(panel({ values: [-0.5, 0.5] }))[0]).toBe(-0.5);
  });

  test('shows borders near the values, and names at its edge the zones that are far', () => {
    const zones = [{ from: 0.14, to: null, label: 'sparse', tone: 'warn' as const }];
    const shown = (values: number[]) => {
      const of = panel({ values, zones });
      return {
        high: panelDomain(of)[1],
        zone: layoutProfile(800, points([0, 1]), [of]).panels[0]!.zones[0]!,
      };
    };
    expect(shown([0, 0.08]).high).toBeGreaterThan(0.14);
    expect(shown([0, 0.08]).zone.label).toBe('sparse');
    expect(shown([0, 0.01]).high).toBeLessThan(0.02);
    expect(shown([0, 0.01]).zone.label).toBe('↑ sparse');
    // One layer, or layers alike, have no extent of their own.
    expect(shown([0, 0]).zone.label).toBe('sparse');
    const low = [{ from: null, to: 0.1, label: 'low', tone: 'warn' as const }];
    const above = layoutProfile(800, points([0, 1]), [panel({ values: [0.9, 0.91], zones: low })]);
    expect(above.panels[0]!.zones[0]!.label).toBe('↓ low');
  });

  test('limits of single layers that are far are told, not drawn', () => {
    const limit = (values: (number | null)[]) => {
      const references = [{ label: 'low below', values, line: 'limit' as const }];
      const { captions, references: drawn } = layoutProfile(800, points([0, 1]), [
        panel({ values: [0.8, 0.9], references, bounds }),
      ]).panels[0]!;
      return { text: captions[0]?.text, count: drawn[0]!.marks.length };
    };
    expect(limit([0.75, null])).toEqual({ text: 'tick: low below', count: 1 });
    expect(limit([0.3, 0.31])).toEqual({ text: '↓ low below 0.3 to 0.31', count: 0 });
    expect(limit([null, null])).toEqual({ text: undefined, count: 0 });
  });

  test('has a range without values and for a single one', () => {
    expect(panelDomain(panel({ values: [null, NaN] }))).toEqual([0, 1]);
    const [low, high] = panelDomain(panel({ values: [0] }));
    expect(high).toBeGreaterThan(low);
  });
});

describe('legend', () => {
  test('says the shapes and the verdicts that are there, within its width', () => {
    const [one, two, three] = points([0, 0.5, 1]);
    const many = [
      { ...one!, verdict: 'looks-untrained' as const },
      { ...two!, kind: 'depthwise' as const, verdict: 'pointwise' as const },
      { ...three!, verdict: 'near-random' as const },
    ];
    for (const width of [200, 360, 1280]) {
      const { legend, height, axisBottom } = layoutProfile(width, many, [panel({})]);
      expect(legend.items.map(({ lines }) => lines.join(' '))).toEqual([
        'full',
        'depthwise',
        'looks untrained / nearly random',
        'pointwise',
      ]);
      expect(height).toBe(axisBottom + legend.height);
      for (const { x, y, lines } of legend.items) {
        expect(Math.max(...lines.map((line) => textWidth(line))) + x).toBeLessThanOrEqual(width);
        expect(y).toBeLessThan(height);
      }
    }
    expect(layoutProfile(360, [], [panel({})]).legend).toEqual({ items: [], height: 0 });
  });
});

describe('nearestMark', () => {
  const layout = layoutProfile(800, points([0, 0.5, 1]), [panel({}), panel({ key: 'second' })]);

  test('finds the layer in the panel under the pointer', () => {
    const mark = layout.panels[1]!.marks[1]!;
    expect(nearestMark(layout, mark.x + 5, mark.y - 5)).toBe(1);
    expect(nearestMark(layout, mark.x + 100, mark.y)).toBeNull();
    expect(nearestMark(layout, mark.x, -100)).toBeNull();
  });
});

describe('paths', () => {
  test('are one element for all layers', () => {
    const marks = [
      { at: 0, x: 1, y: 2 },
      { at: 1, x: 3.26, y: 4 },
    ];
    expect(marksPath('full', marks, 1).match(/M/g)).toHaveLength(2);
    expect(marksPath('full', marks, 1)).toMatch(/^M0,2a1,1/);
    const shapes = (['full', 'grouped', 'depthwise', 'transposed'] as const).map((kind) =>
      marksPath(kind, marks, 3),
    );
    expect(new Set(shapes).size).toBe(4);
    expect(stemsPath(marks, 1)).toBe('M1,4v3M3.3,6v3');
    expect(dashesPath(marks, 2)).toBe('M-1,2h4M1.3,4h4');
    expect(marksPath('depthwise', [], 2)).toBe('');
  });
});

describe('stepAlong', () => {
  test('starts at either end and stays inside', () => {
    expect(stepAlong('ArrowRight', null, 5)).toBe(0);
    expect(stepAlong('ArrowLeft', null, 5)).toBe(4);
    expect(stepAlong('ArrowRight', 4, 5)).toBe(4);
    expect(stepAlong('PageUp', 2, 5)).toBe(4);
    expect(stepAlong('PageUp', null, 50)).toBe(0);
    expect(stepAlong('PageDown', null, 50)).toBe(49);
    expect(stepAlong('Home', 3, 5)).toBe(0);
    expect(stepAlong('End', 3, 5)).toBe(4);
  });

  test('leaves other keys and an empty chart alone', () => {
    expect(stepAlong('Enter', 1, 5)).toBeNull();
    expect(stepAlong('ArrowRight', null, 0)).toBeNull();
  });
});
