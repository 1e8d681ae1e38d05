import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { SampleModel } from '../../src/domain/sample';
import { DEFAULT_THRESHOLDS } from '../../src/domain/thresholds';
import { AppState } from '../../src/state/app-state.svelte';
import type { AddressBar } from '../../src/state/route.svelte';
import { FakeAnalyser } from '../support/fake-analyser';

/** An address bar with a history, as the browser keeps it. */
class FakeWindow implements AddressBar {
  readonly location = { hash: '' };
  readonly entries = [''];
  readonly localStorage = { getItem: () => null, setItem: () => undefined } as unknown as Storage;
  readonly history = {
    pushState: (_: unknown, __: string, url: string) => {
      this.location.hash = url;
      this.entries.push(url);
    },
    replaceState: (_: unknown, __: string, url?: string | URL | null) => {
      this.location.hash = String(url);
      this.entries[this.entries.length - 1] = String(url);
    },
  };
  #listeners: (() => void)[] = [];

  addEventListener(_: string, listener: () => void) {
    this.#listeners.push(listener);
  }

  /** As where a link is pasted into the address of the open page. */
  paste(hash: string) {
    this.entries.push(hash);
    this.#arrive();
  }

  back() {
    this.entries.pop();
    this.#arrive();
  }

  #arrive() {
    this.location.hash = this.entries.at(-1)!;
    for (const listener of this.#listeners) listener();
  }
}

function drop(...names: string[]) {
  return names.map((path) => ({ path, file: new File([path], path) }));
}

const sample = { id: 'one', file: 'one.onnx', title: 'One', byteLength: 3 } as SampleModel;

/** What the address keeps of the content of `a.onnx`. */
const A = '612e6f6e6e780000';

let window: FakeWindow;
let app: AppState;

function start(hash = '') {
  window = new FakeWindow();
  window.location.hash = hash;
  app = new AppState({
    analyser: new FakeAnalyser(),
    loadSamples: () => Promise.resolve([sample]),
    fetchSample: () => Promise.resolve(new File(['abc'], sample.file)),
    window,
  });
}

/** Once nothing is analysed and the contents of all analysed models are known. */
function settled() {
  return vi.waitFor(() => {
    expect(app.library.working || app.library.current).toBeFalsy();
    for (const { status, content } of app.library.entries)
      if (status === 'done') expect(content).not.toBeNull();
  });
}

beforeEach(() => start());

describe('AppState', () => {
  test('a dropped model is shown, and its status ends on the fixed words', async () => {
    app.library.open(drop('a.onnx'));
    expect(app.entry?.name).toBe('a.onnx');
    await settled();
    expect(app.status).toBe('a.onnx: 2 layers, 16 filters analysed');
    expect(window.location.hash).toBe(`#model=a.onnx&content=${A}`);
  });

  test('a model that fails makes room for the next of its drop, with an alert', async () => {
    app.library.open(drop('bad.onnx', 'bad2.onnx', 'c.onnx'));
    await settled();
    expect(app.entry?.name).toBe('c.onnx');
    expect(app.notices.list.map(({ model }) => model?.name)).toEqual(['bad.onnx', 'bad2.onnx']);
  });

  test('a bad file alone is shown with its error', async () => {
    app.library.open(drop('a.onnx'));
    await settled();
    app.library.open(drop('bad.onnx'));
    await settled();
    expect(app.status).toBe('bad.onnx could not be analysed');
  });

  test('a new model starts at its overview; another row keeps the view', async () => {
    app.library.open(drop('a.onnx', 'b.onnx'));
    await settled();
    app.route.go({ view: 'filters', layer: 1 });
    app.show(app.library.entries[1]);
    expect(app.route.current).toMatchObject({ view: 'filters', layer: null, model: 'b.onnx' });
    app.library.open(drop('c.onnx'));
    expect(app.route.current).toMatchObject({ view: 'overview', model: 'c.onnx' });
  });

  test('back returns to the layer before', async () => {
    app.library.open(drop('a.onnx'));
    await settled();
    app.stepLayer(1);
    expect(app.selection?.layer?.index).toBe(1);
    app.stepLayer(1);
    expect(app.selection?.layer?.index).toBe(1);
    window.back();
    expect(app.selection?.layer?.index).toBe(0);
  });

  test('an address that names a layer there is none of shows the first', async () => {
    start('#layer=99');
    app.library.open(drop('a.onnx'));
    await settled();
    app.route.go({ layer: 99 });
    expect(app.selection?.layer?.index).toBe(0);
    expect(app.selection?.size?.key).toBe('3x3');
  });

  test('a reload opens the sample of the address again, at its view', async () => {
    start('#model=sample:one&view=layer&layer=1&backend=cpu');
    await app.start();
    await settled();
    expect(app.entry?.address).toBe('sample:one');
    expect(app.route.current).toMatchObject({ view: 'layer', layer: 1, backend: 'cpu' });
    expect(app.selection?.layer?.index).toBe(1);
  });

  test('removing takes the alert along; undo shows the model again', async () => {
    app.library.open(drop('bad.onnx'));
    await settled();
    app.remove(app.library.entries[0]);
    expect(app.notices.list).toEqual([]);
    expect(app.entry).toBeNull();
    app.undo();
    expect(app.entry?.name).toBe('bad.onnx');
  });

  test('a sample there is none of is absent once the list is known, a file of another visit at once', async () => {
    start('#model=sample:two');
    expect(app.absent).toBeNull();
    await app.start();
    expect(app.absent).toEqual({ name: 'two', reason: 'no-such-sample' });
    start('#model=mine.onnx');
    expect(app.absent).toEqual({ name: 'mine.onnx', reason: 'not-open' });
    app.library.open(drop('mine.onnx'));
    expect(app.absent).toBeNull();
    await settled();
  });

  test('a link in the open page opens the sample it names, at its view and layer', async () => {
    await app.start();
    app.library.open(drop('a.onnx'));
    await settled();
    window.paste('#model=sample:one&view=layer&layer=1&pins=3&sparseShare=0.2');
    await settled();
    expect(app.entry?.sample).toBe(sample);
    expect(app.route.current).toMatchObject({ view: 'layer', layer: 1, pins: [3] });
    expect(app.thresholds.current.sparseShare).toBe(0.2);
    expect(app.library.entries).toHaveLength(2);
    window.back();
    expect(app.entry?.name).toBe('a.onnx');
  });

  test('a link to a model that is not open says so, and the model in view stays', async () => {
    app.library.open(drop('a.onnx', 'b.onnx'));
    await settled();
    app.show(app.library.entries[1]!);
    expect(app.entry?.name).toBe('b.onnx');
    window.paste('#model=c.onnx');
    expect(app.absent).toEqual({ name: 'c.onnx', reason: 'not-open' });
    expect(app.entry?.name).toBe('b.onnx');
    window.paste(`#model=a.onnx&content=${'f'.repeat(16)}`);
    expect(app.absent).toEqual({ name: 'a.onnx', reason: 'other-content' });
    expect(app.entry?.name).toBe('b.onnx');
    window.back();
    window.back();
    expect(app.absent).toBeNull();
  });

  test('once a model is removed the address names the one that is shown instead', async () => {
    app.library.open(drop('a.onnx', 'b.onnx'));
    await settled();
    app.remove(app.entry!);
    expect(app.entry?.name).toBe('b.onnx');
    expect(app.absent).toBeNull();
    app.remove(app.entry!);
    expect(app.absent).not.toBeNull();
    app.undo();
    expect(app.absent).toBeNull();
  });

  test('going where one is leaves no step to go back to', async () => {
    app.library.open(drop('a.onnx'));
    await settled();
    app.route.go({ view: 'filters' });
    app.route.go({ view: 'filters' });
    expect(window.entries).toEqual([
      '',
      `#model=a.onnx&content=${A}`,
      `#model=a.onnx&content=${A}&view=filters`,
    ]);
  });

  test('changed thresholds are in the address once the slider rests, and read from it', async () => {
    app.library.open(drop('a.onnx'));
    await settled();
    const [layer] = app.entry!.description!.layers;
    const verdict = () => app.judge.verdict(layer, app.entry!.layers[0]!).name;
    expect(verdict()).not.toBe('sparse');
    app.thresholds.set({ sparseShare: 0.2 });
    app.thresholds.set({ sparseShare: 0.1 });
    expect(verdict()).toBe('sparse');
    expect(window.entries).toEqual(['', `#model=a.onnx&content=${A}`]);
    await vi.waitFor(() => expect(window.location.hash).toBe(`#model=a.onnx&content=${A}&sparseShare=0.1`));
    expect(window.entries).toHaveLength(2);

    start('#sparseShare=0.1&lowEntropy=0.5');
    expect(app.thresholds.current).toEqual({ ...DEFAULT_THRESHOLDS, sparseShare: 0.1 });
    expect(app.thresholds.changed).toBe(true);
    app.thresholds.reset();
    expect(app.thresholds.current).toEqual(DEFAULT_THRESHOLDS);
    await vi.waitFor(() => expect(window.location.hash).toBe('#'));
  });

  test('the step left behind holds the thresholds set on it', () => {
    app.thresholds.set({ randomMargin: 0.1 });
    app.route.go({ view: 'filters' });
    const { thresholds } = app.route.current;
    window.back();
    expect(app.route.current.view).toBe('overview');
    // The same object, so that nothing is judged anew.
    expect(app.route.current.thresholds).toBe(thresholds);
    expect(app.thresholds.current.randomMargin).toBe(0.1);
  });

  test('a link names a model by its content: not one of its name with other bytes', async () => {
    start(`#model=a.onnx&content=${'f'.repeat(16)}&view=filters`);
    app.library.open(drop('b.onnx'));
    await settled();
    expect(app.absent).toBeNull();
    start(`#model=a.onnx&content=${'f'.repeat(16)}`);
    app.library.open([{ path: 'x.onnx', file: new File(['a.onnx'], 'x.onnx') }]);
    await settled();
    window.location.hash = `#model=a.onnx&content=${A}`;
    window.back();
    expect(app.library.find({ model: 'a.onnx', content: A })?.name).toBe('x.onnx');
  });

  test('of many bad files a few alerts are shown, the others counted', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `bad${i}.onnx`);
    app.library.open(drop(...names));
    await settled();
    expect(app.notices.list).toHaveLength(3);
    expect(app.notices.unlisted).toHaveLength(37);
    app.remove(app.library.entries[39]);
    expect(app.notices.unlisted).toHaveLength(36);
    app.notices.dismissAll();
    expect([app.notices.list, app.notices.unlisted]).toEqual([[], []]);
  });
});
