import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../src/analysis/random';
import { AppError } from '../src/domain/errors';
import { analyseBytes } from './support/analyse';

/** Damaged files through the whole analysis: either one sentence of a kind the user can act on, or a sound export. */

const SHARED = '../shared/models/onnx';
const FILES = [
  'public/samples/scenes-super-resolution.onnx',
  'public/samples/glyph-net-batchnorm.onnx',
  `${SHARED}/mnist-8_cntk.onnx`,
  `${SHARED}/yunet_n_320_320.onnx`,
];
const CASES = 120;
/** Names, shapes and lengths lie near the ends of a file, weights in between. */
const STRUCTURE = 6000;

const validate = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync('public/schema/filterscope.analysis.v2.json', 'utf8')),
);

function mutate(original: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const below = (limit: number) => Math.floor(random.uniform() * limit);
  const place = () => {
    const part = below(4);
    if (part < 2) return below(Math.min(STRUCTURE, original.length));
    return part === 2
      ? original.length - 1 - below(Math.min(STRUCTURE, original.length))
      : below(original.length);
  };
  const bytes = Uint8Array.from(original);
  const times = 1 + below(8);
  switch (below(5)) {
    case 0:
      return bytes.slice(0, below(bytes.length));
    case 1:
      for (let i = 0; i < times; i++) bytes[place()] ^= 1 << below(8);
      return bytes;
    case 2:
      for (let i = 0; i < times; i++) bytes[place()] = below(256);
      return bytes;
    case 3: {
      const from = place();
      return bytes.copyWithin(place(), from, from + below(64));
    }
    default: {
      const at = place();
      const inserted = Array.from({ length: below(10) }, () => below(256));
      return Uint8Array.from([...bytes.subarray(0, at), ...inserted, ...bytes.subarray(at + below(10))]);
    }
  }
}

/** What is wrong with the outcome; null where nothing is. */
async function complaint(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  try {
    const { document } = await analyseBytes(name, bytes);
    if (!validate(document)) return JSON.stringify(validate.errors);
    const figures = JSON.stringify([document.layers.map(({ quality }) => quality.normL2), document.bases]);
    return figures.includes('null') ? 'a figure is not finite' : null;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') return String((error as Error).stack);
    return /^"[^\n]+\.$/.test(error.message) && error.message.includes(name) ? null : error.message;
  }
}

describe.each(FILES)('%s', (path) => {
  test.skipIf(!existsSync(path))(`${CASES} damaged copies`, async () => {
    const original = readFileSync(path);
    const random = createRandom(7);
    const complaints: string[] = [];
    for (let i = 0; i < CASES; i++) {
      const found = await complaint(basename(path), mutate(original, random));
      if (found !== null) complaints.push(`case ${i}: ${found}`);
    }
    expect(complaints).toEqual([]);
  });
});
