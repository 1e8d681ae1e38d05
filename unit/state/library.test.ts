import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { SampleModel } from '../../src/domain/sample';
import { Library, type LibraryOptions } from '../../src/state/library.svelte';
import { FakeAnalyser } from '../support/fake-analyser';

function drop(...names: string[]) {
  return names.map((path) => ({ path, file: new File([path], path) }));
}

function sample(id: string) {
  return { id, file: `${id}.onnx`, title: id, byteLength: 3 } as SampleModel;
}

let fake: FakeAnalyser;
let options: { [Key in keyof LibraryOptions]: LibraryOptions[Key] };
let library: Library;

beforeEach(() => {
  fake = new FakeAnalyser();
  options = {
    analyser: fake,
    fetchSample: (model) => Promise.resolve(new File([model.id], model.file)),
    sparsityEpsilon: () => 0.01,
    onOpen: vi.fn(),
    onFailure: vi.fn(),
    onRestart: vi.fn(),
    onContent: vi.fn(),
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
    expect(library.entries[0].record).toMatchObject({
      sparsityEpsilon: 0.01,
      layers: [{ index: 0 }, { index: 1 }],
    });
    expect(library.entries[0].filterCount).toBe(16);
    expect(library.entries[1].record).toBeNull();
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
    expect(fake.sources[1].companions.map(({ path }) => path)).toEqual(['w.data']);
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
    expect(fake.sources[1].companions.map(({ path }) => path)).toEqual(['w.data']);
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
    expect(fake.closed).toEqual(['0.onnx', '1.onnx']);
    expect(library.undo()?.name).toBe('11.onnx');
  });

  test('removing the model under way stops it and lets the next one start', async () => {
    library.open(drop('slow.onnx', 'b.onnx'));
    await vi.waitFor(() => expect(library.entries[0].description).not.toBeNull());
    library.remove(library.entries[0]);
    await settled();
    expect(statuses()).toEqual(['b.onnx done']);
  });

  test('equal names get labels of their own', async () => {
    library.open(drop('a.onnx'));
    library.open([{ path: 'a.onnx', file: new File(['other'], 'a.onnx') }]);
    await settled();
    expect(library.entries.map(({ label }) => label)).toEqual(['a.onnx', 'a.onnx (2)']);
    expect(new Set(library.entries.map(({ key }) => key)).size).toBe(2);
    expect(library.sharedNames).toEqual(new Set(['a.onnx']));
  });

  test('the same bytes are shown, not analysed again, and that is said, whatever the file is called', async () => {
    const bytes = (name: string) => [{ path: name, file: new File(['bytes'], name) }];
    library.open(bytes('a.onnx'));
    await settled();
    library.open(drop('b.onnx'));
    library.open(bytes('copy of a.onnx'));
    await settled();
    expect(statuses()).toEqual(['a.onnx done', 'b.onnx done']);
    expect(fake.calls).toEqual(['analyse a.onnx', 'analyse b.onnx']);
    expect(options.onOpen).toHaveBeenLastCalledWith(library.entries[0]);
    expect(library.aside).toBe(
      'copy of a.onnx is open already as a.onnx: its content is the same, byte for byte.',
    );
    library.remove(library.entries[0]);
    library.open(bytes('a.onnx'));
    await settled();
    expect(fake.calls.filter((call) => call === 'analyse a.onnx')).toHaveLength(2);
  });

  test('a file of the same name, size and date but other bytes is another model', async () => {
    const at = (bytes: string) => [
      { path: 'a.onnx', file: new File([bytes], 'a.onnx', { lastModified: 1 }) },
    ];
    library.open(at('epoch 1'));
    await settled();
    library.open(at('epoch 2'));
    await settled();
    expect(library.entries.map(({ label, status }) => [label, status])).toEqual([
      ['a.onnx', 'done'],
      ['a.onnx (2)', 'done'],
    ]);
    expect(library.aside).toBeNull();
  });

  test('the content of an analysed model becomes known and names it', async () => {
    library.open(drop('a.onnx'));
    await settled();
    const [entry] = library.entries;
    await vi.waitFor(() => expect(entry.content).not.toBeNull());
    expect(options.onContent).toHaveBeenCalledExactlyOnceWith(entry);
    const content = entry.content!.id.slice(0, 16);
    expect(library.find({ model: 'renamed.onnx', content })).toBe(entry);
    expect(library.find({ model: 'a.onnx', content: 'f'.repeat(16) })).toBeNull();
    expect(library.find({ model: 'a.onnx', content: null })).toBe(entry);
  });

  test('of two folders with files alike both models are read', async () => {
    const file = (path: string) => ({ path, file: new File([path], 'model.onnx', { lastModified: 1 }) });
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
    expect(fake.calls).toEqual(['analyse one.onnx']);
  });

  test('a sample is opened once', async () => {
    library.openSamples([sample('one'), sample('two')]);
    library.openSamples([sample('one')]);
    await settled();
    expect(library.entries.map(({ address }) => address)).toEqual(['sample:one', 'sample:two']);
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
    expect(library.entries[0].record?.sparsityEpsilon).toBe(0.2);
    expect(library.entries[0].layers[0]?.quality.sparsity).toBe(0.2);
  });
});
