import { describe, expect, test } from 'vitest';
import { asideText, planDrop } from '../../src/state/drop-plan';

function drop(...paths: string[]) {
  return paths.map((path) => ({ path, file: new File(['x'], path.split('/').at(-1)!) }));
}

function names(plan: ReturnType<typeof planDrop>) {
  return plan.models.map(({ name }) => name);
}

function companions(plan: ReturnType<typeof planDrop>, model: number) {
  return plan.models[model].companions.map(({ name }) => name);
}

describe('planDrop', () => {
  test('every model of a drop is one, bad ones included', () => {
    expect(names(planDrop(drop('a.onnx', 'weights.pt', 'B.ONNX', 'page.html'), []))).toEqual([
      'a.onnx',
      'B.ONNX',
      'weights.pt',
      'page.html',
    ]);
  });

  test('files beside a model are its external data', () => {
    const plan = planDrop(drop('a.onnx', 'a.onnx.data', 'shard-1', 'w.bin'), []);
    expect(names(plan)).toEqual(['a.onnx']);
    expect(companions(plan, 0)).toEqual(['a.onnx.data', 'shard-1', 'w.bin']);
    expect(asideText(plan)).toBe('Last drop: 3 files kept as external data.');
  });

  test('a file dropped alone is looked at, whatever its name', () => {
    expect(names(planDrop(drop('model'), []))).toEqual(['model']);
    expect(names(planDrop(drop('model.bin'), []))).toEqual(['model.bin']);
  });

  test('a folder gives its models, with companions named from their own folder', () => {
    const plan = planDrop(
      drop('net/model.onnx', 'net/weights/w0.bin', 'net/readme.md', 'net/b/other.onnx'),
      [],
    );
    expect(names(plan)).toEqual(['model.onnx', 'other.onnx']);
    expect(companions(plan, 0)).toContain('weights/w0.bin');
    expect(companions(plan, 1)).toContain('w0.bin');
    expect(plan.ignored).toEqual(['net/readme.md']);
  });

  test('a folder without a model gives none', () => {
    const plan = planDrop(drop('net/readme.md', 'net/w.bin'), []);
    expect(plan.models).toEqual([]);
    expect(asideText(plan)).toBe('Last drop: 2 files passed over as no model.');
  });

  test('a file that a waiting model lacks goes to it and is no model itself', () => {
    const waiting = [{ key: 'a.onnx', missing: ['weights/a.data', 'b.data'] }];
    const plan = planDrop(drop('a.data'), waiting);
    expect(plan.models).toEqual([]);
    expect(plan.supplied.get('a.onnx')?.map(({ name }) => name)).toEqual(['weights/a.data']);
  });

  test('the same file serves every model that waits for it', () => {
    const waiting = [
      { key: 'a', missing: ['w.data'] },
      { key: 'b', missing: ['w.data'] },
    ];
    expect([...planDrop(drop('w.data'), waiting).supplied.keys()]).toEqual(['a', 'b']);
  });

  test('nothing dropped is nothing to do', () => {
    const plan = planDrop([], []);
    expect(plan.models).toEqual([]);
    expect(asideText(plan)).toBeNull();
  });
});
