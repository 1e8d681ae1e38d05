import { expect, test, vi } from 'vitest';
import { createCpuBackend } from '../../src/compute/cpu/create-cpu-backend';
import { REHEARSAL_ID, rehearse } from '../../src/workers/rehearsal';
import { Workbench } from '../../src/workers/workbench';

const VERBS = ['measure', 'coefficientRange', 'coefficientHistogram', 'orthogonality'] as const;

test('goes through every verb and leaves nothing open', async () => {
  const bench = new Workbench(await createCpuBackend());
  const spies = VERBS.map((verb) => vi.spyOn(bench, verb));
  await rehearse(bench, () => spies[3]!.mock.calls.length > 0);
  for (const spy of spies) {
    expect(spy).toHaveBeenCalledOnce();
    await expect(spy.mock.results[0]!.value).resolves.not.toBeNull();
  }
  const [{ result }] = (await spies[0]!.mock.results[0]!.value) as Awaited<ReturnType<Workbench['measure']>>;
  expect(result.filterCount).toBe(96 ** 2);
  expect(() => bench.model(REHEARSAL_ID)).toThrow('no longer open');
});

test('ends when a model is opened', async () => {
  const bench = new Workbench(await createCpuBackend());
  const measure = vi.spyOn(bench, 'measure');
  const rehearsal = bench.prepare();
  const opened = bench.open({ modelId: 'a', file: new Blob(['?']), fileName: 'a.onnx', companions: [] });
  await expect(opened).rejects.toThrow('a.onnx');
  await rehearsal;
  expect(measure.mock.calls.length).toBeLessThan(2);
});
