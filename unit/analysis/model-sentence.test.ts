import { expect, test } from 'vitest';
import { modelSentence, type SummarisedLayer } from '../../src/analysis/model-sentence';
import { VERDICTS, type VerdictName } from '../../src/analysis/verdict-names';

/** Layers of one depth each, spread evenly. */
function layers(...names: VerdictName[]): SummarisedLayer[] {
  return names.map((verdict, i) => ({
    verdict,
    depthFraction: names.length > 1 ? i / (names.length - 1) : 0,
    ratio: 0.8 + i / 100,
  }));
}

function healthy(count: number): VerdictName[] {
  return new Array<VerdictName>(count).fill('healthy');
}

test('says what stands out, where, what is usual, what could be done and what it does not show', () => {
  const sentence = modelSentence(layers('low-diversity', 'low-diversity', ...healthy(5), 'sparse'));
  expect(sentence).toMatch(
    /^2 of 8 layers with spatial kernels are low in diversity near the input; 1 is sparse near the output\. In the 11 trained sample models, small networks, \d+ of \d+ such layers are flagged\. These layers might do with fewer filters.*How well the network works, its filters alone do not show\.$/,
  );
});

test('layers that are not judged do not count', () => {
  const sentence = modelSentence(
    layers('pointwise', 'looks-untrained', 'not-measurable', 'designed', 'looks-untrained'),
  );
  expect(sentence).toContain('2 of 2 layers with spatial kernels look untrained.');
  expect(sentence).toContain('check that its weights were loaded');
});

test('places are said only where there is something to place', () => {
  const place = (...names: VerdictName[]) => modelSentence(layers(...names)).split('.')[0];
  expect(place('sparse', 'healthy', 'healthy')).toBe('1 of 3 layers with spatial kernels is sparse');
  expect(modelSentence(layers('sparse', 'sparse', 'sparse', 'sparse'))).toContain(
    'are sparse, at every depth.',
  );
  expect(modelSentence(layers(...healthy(4), 'sparse', 'sparse', ...healthy(3)))).toContain(
    'in the second half',
  );
  expect(modelSentence(layers(...healthy(3), 'sparse', 'sparse', ...healthy(4)))).toContain(
    'in the first half',
  );
  const apart = modelSentence(layers('healthy', 'sparse', 'healthy', 'healthy', 'sparse', 'healthy'));
  expect(apart).toContain('between depth 0.20 and 0.80');
});

test('nothing flagged: H against random filters', () => {
  expect(modelSentence(layers(...healthy(5)))).toContain(
    'None of the 5 layers with spatial kernels is flagged. Their variance entropy is 82 % of what random filters reach, in the median layer.',
  );
  expect(modelSentence(layers('healthy'))).toContain(
    'The one layer with spatial kernels is not flagged. Its variance entropy is 80 % of what random filters reach.',
  );
});

test('nothing to judge', () => {
  expect(modelSentence([])).toContain('no convolutions');
  expect(modelSentence(layers('pointwise', 'not-measurable'))).toContain('No layer of this model');
});

test('every flag has its words', () => {
  for (const name of VERDICTS) {
    const sentence = modelSentence(layers(name, 'healthy'));
    expect(sentence).not.toMatch(/undefined|NaN| {2}/);
    expect(sentence.length).toBeLessThan(420);
  }
  expect(modelSentence(layers(...VERDICTS))).toMatch(/; \d are flagged otherwise\./);
});
