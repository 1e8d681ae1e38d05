import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bytesSource } from '../../src/formats/byte-source';
import { detectFormat, formatOf } from '../../src/formats/registry';

const FOLDER = 'public/samples';
const samples = readdirSync(FOLDER).filter((name) => name.endsWith('.onnx'));

test.each(samples)('%s reads the same from a clone of its outline', async (name) => {
  const source = bytesSource(name, readFileSync(`${FOLDER}/${name}`));
  const companions = new Map();
  const opened = await (await detectFormat(source)).open(source, { companions });
  const { content } = structuredClone(opened.outline());
  const resumed = formatOf(opened.outline()).resume(content, source, companions);
  expect(resumed.description).toEqual(opened.description);
  expect(resumed.description.layers.length).toBeGreaterThan(0);
  for (const { index } of opened.description.layers) {
    expect(await resumed.readFilters(index)).toEqual(await opened.readFilters(index));
    expect(await resumed.readChannelScale(index)).toEqual(await opened.readChannelScale(index));
  }
});
