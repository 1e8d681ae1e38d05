import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { SampleModel } from '../../src/domain/sample';
import { Library, type LibraryOptions } from '../../src/state/library.svelte';
import { FakeClient } from '../support/fake-client';

function drop(...names: string[]) {
  return names.map((path) => ({ path, file: new File(['x'], path) }));
}

function sample(id: string) {
  return { id, file: `${id}.onnx`, title: id, byteLength: 3 } as SampleModel;
}

let fake: FakeClient;
let options: { [Key in keyof LibraryOptions]: LibraryOptions[Key] };
let library: Library;

beforeEach(() => {
  fake = new FakeClient();
  options = {
    client: fake.client,
    fetchSample: (model) => Promise.resolve(new File(['abc'], model.file)),
    sparsityEpsilon: () => 0.01,
    onOpen: vi.fn(),
    onFailure: vi.fn(),
    onRestart: vi.fn(),
    onNotice: vi.fn(),
  };
  library = new Library(options);
});

function settled() {
  return vi.waitFor(() => expect(library.working || library.current).toBeFalsy());
}

function statuses() {
  return library.entries.map(({ name, status }) => `${name} ${status}`);
}

describe('Library', () => {
  test('analyses one after the other; a bad file stays on its row and does not stop the rest', async () => {
    library.open(drop('a.onnx', 'bad.onnx', 'c.onnx'));
    await settled();
    expect(statuses()).toEqual(['a.onnx done', 'bad.onnx failed', 'c.onnx done']);
    expect(fake.calls).toEqual(['analyse a.onnx', 'analyse bad.onnx', 'analyse c.onnx']);
    expect(library.entries[1].error?.message).toBe('"bad.onnx" is broken.');
    expect(options.onFailure).toHaveBeenCalledTimes(1);
    expect(options.onOpen).toHaveBeenCalledExactlyOnceWith(library.entries[0]);
  });

  test('a finished model has a result to export, others have none', async () => {
    library.open(drop('a.onnx', 'bad.onnx'));
    await settled();
    expect(library.entries[0].result).toMatchObject({
      sparsityEpsilon: 0.01,
      layers: [{ index: 0 }, { index: 1 }],
    });
    expect(library.entries[0].filterCount).toBe(16);
    expect(library.entries[1].result).toBeNull();
  });

  test('cancel stops the model under way and those behind it, and keeps what was measured', async () => {
    library.open(drop('slow.onnx', 'b.onnx'));
    await vi.waitFor(() => expect(library.entries[0].description).not.toBeNull());
    library.cancel();
    expect(library.working).toBe(false);
    await settled();
    expect(statuses()).toEqual(['slow.onnx cancelled', 'b.onnx cancelled']);
    expect(library.entries[0].layers.filter(Boolean)).toHaveLength(1);
    expect(fake.calls).toEqual(['analyse slow.onnx']);
    library.retry(library.entries[1]);
    await settled();
    expect(library.entries[1].status).toBe('done');
  });

  test('a model taken up again while it is still stopping is analysed again', async () => {
    library.open(drop('slow.onnx'));
    await vi.waitFor(() => expect(library.entries[0].description).not.toBeNull());
    library.cancel();
    library.retry(library.entries[0]);
    await vi.waitFor(() => expect(fake.calls).toHaveLength(2));
    expect(library.entries[0].status).toBe('analysing');
    library.cancel();
    await settled();
  });

  test('a model without its external data says what is missing and goes on once it is dropped', async () => {
    library.open(drop('external.onnx'));
    await settled();
    expect(library.entries[0].missing).toEqual(['w.data']);
    library.open(drop('w.data'));
    await settled();
    expect(statuses()).toEqual(['external.onnx done']);
    expect(fake.requests[1].companions.map(({ name }) => name)).toEqual(['w.data']);
    expect(options.onRestart).toHaveBeenCalledWith(library.entries[0]);
  });

  test('a model that lacks some of its weights is shown, and analysed again once the file is dropped', async () => {
    library.open(drop('partial.onnx'));
    await settled();
    expect(statuses()).toEqual(['partial.onnx done']);
    expect(library.entries[0].missing).toEqual(['w.data']);
    library.open(drop('folder/w.data'));
    await settled();
    expect(statuses()).toEqual(['partial.onnx done']);
    expect(library.entries[0].missing).toEqual([]);
    expect(fake.requests[1].companions.map(({ name }) => name)).toEqual(['w.data']);
  });

  test('removing can be undone, in place; the oldest removals are closed for good', async () => {
    const files = Array.from({ length: 12 }, (_, i) => `${i}.onnx`);
    library.open(drop(...files));
    await settled();
    const [first] = library.entries;
    library.remove(first);
    expect(library.entries).toHaveLength(11);
    expect(library.undo()).toBe(first);
    expect(library.entries[0]).toBe(first);
    for (const entry of library.entries) library.remove(entry);
    expect(fake.calls.filter((call) => call.startsWith('close'))).toEqual(['close 0.onnx', 'close 1.onnx']);
    expect(library.undo()?.name).toBe('11.onnx');
  });

  test('removing the model under way stops it and lets the next one start', async () => {
    library.open(drop('slow.onnx', 'b.onnx'));
    await vi.waitFor(() => expect(library.entries[0].description).not.toBeNull());
    library.remove(library.entries[0]);
    await settled();
    expect(statuses()).toEqual(['b.onnx done']);
  });

  test('equal names get keys of their own', async () => {
    library.open(drop('a.onnx'));
    library.open([{ path: 'a.onnx', file: new File(['other'], 'a.onnx') }]);
    await settled();
    expect(library.entries.map(({ key, label }) => [key, label])).toEqual([
      ['a.onnx', 'a.onnx'],
      ['a.onnx (2)', 'a.onnx (2)'],
    ]);
  });

  test('a file dropped again is shown, not analysed again, and that is said', async () => {
    const files = drop('a.onnx', 'a.bin');
    library.open(files);
    await settled();
    library.open(drop('b.onnx'));
    library.open(files);
    await settled();
    expect(statuses()).toEqual(['a.onnx done', 'b.onnx done']);
    expect(fake.calls).toEqual(['analyse a.onnx', 'analyse b.onnx']);
    expect(options.onOpen).toHaveBeenLastCalledWith(library.entries[0]);
    expect(library.aside).toMatch(/^Last drop: a\.onnx is open already .*; remove it/);
    library.remove(library.entries[0]);
    library.open(files);
    await settled();
    expect(fake.calls).toHaveLength(3);
  });

  test.each([
    ['size', () => [new File(['xy'], 'a.onnx', { lastModified: 1 })]],
    ['date', () => [new File(['x'], 'a.onnx', { lastModified: 2 })]],
    [
      'external data',
      () => [new File(['x'], 'a.onnx', { lastModified: 1 }), new File(['w'], 'a.bin', { lastModified: 2 })],
    ],
  ])('a file of another %s is another model', async (_, again) => {
    const at = (files: File[]) => files.map((file) => ({ path: file.name, file }));
    library.open(
      at([new File(['x'], 'a.onnx', { lastModified: 1 }), new File(['w'], 'a.bin', { lastModified: 1 })]),
    );
    library.open(at(again()));
    await settled();
    expect(library.entries).toHaveLength(2);
    expect(library.aside ?? '').not.toContain('open already');
  });

  test('of two folders with files alike both models are read', async () => {
    const file = (path: string) => ({ path, file: new File(['x'], 'model.onnx', { lastModified: 1 }) });
    library.open([file('run1/model.onnx'), file('run2/model.onnx')]);
    library.open([file('run3/model.onnx')]);
    await settled();
    expect(library.entries.map(({ label }) => label)).toEqual([
      'model.onnx',
      'model.onnx (2)',
      'model.onnx (3)',
    ]);
  });

  test('a failed or cancelled file dropped again is taken up again, with what comes along', async () => {
    const files = drop('bad.onnx', 'external.onnx');
    library.open(files);
    await settled();
    library.open([...files, ...drop('w.data')]);
    await settled();
    expect(statuses()).toEqual(['bad.onnx failed', 'external.onnx done']);
    expect(fake.calls.filter((call) => call.endsWith('bad.onnx'))).toHaveLength(2);
    expect(library.aside).toBeNull();
  });

  test('undo takes up the analysis that removing cut short', async () => {
    library.open(drop('slow.onnx', 'b.onnx'));
    await vi.waitFor(() => expect(library.entries[0].description).not.toBeNull());
    const [slow, b] = library.entries;
    library.remove(b);
    library.remove(slow);
    expect(library.undo()).toBe(slow);
    await vi.waitFor(() => expect(fake.calls).toEqual(['analyse slow.onnx', 'analyse slow.onnx']));
    expect(library.undo()).toBe(b);
    expect(b.status).toBe('waiting');
    library.cancel();
    await settled();
  });

  test('a sample that was removed comes back under its own key', async () => {
    library.openSamples([sample('one')]);
    await settled();
    const [one] = library.entries;
    library.remove(one);
    library.openSamples([sample('one')]);
    await settled();
    expect(library.entries).toEqual([one]);
    expect(library.removals).toEqual([]);
    expect(fake.calls).toEqual(['analyse sample:one']);
  });

  test('a sample is opened once', async () => {
    library.openSamples([sample('one'), sample('two')]);
    library.openSamples([sample('one')]);
    await settled();
    expect(library.entries.map(({ key }) => key)).toEqual(['sample:one', 'sample:two']);
    expect(options.onOpen).toHaveBeenCalledTimes(2);
  });

  test('a folder without a model is a notice, not a row', () => {
    library.open(drop('folder/readme.txt'));
    expect(library.entries).toEqual([]);
    expect(options.onNotice).toHaveBeenCalledTimes(1);
  });

  test('what lies beyond the limit of files is said to be left unread', async () => {
    library.open(drop('a.onnx'), 5000);
    await settled();
    expect(library.aside).toBe('Last drop: everything after the first 5,000 files left unread.');
    library.open(drop('folder/readme.txt'), 5000);
    expect(options.onNotice).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: expect.stringContaining('1 looked at, it holds more') }),
    );
  });

  test('another sparsity threshold replaces the layers', async () => {
    library.open(drop('a.onnx'));
    await settled();
    options.sparsityEpsilon = () => 0.2;
    await library.requalify(library.entries[0], 0.2);
    expect(library.entries[0].result?.sparsityEpsilon).toBe(0.2);
    expect(library.entries[0].layers[0]?.quality.sparsity).toBe(0.2);
  });
});
