import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { drawLater } from '../../src/charts/draw-queue';

describe('drawLater', () => {
  let frames: (() => void)[] = [];
  let now = 0;

  beforeEach(() => {
    frames = [];
    now = 0;
    vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  const nextFrame = () => frames.shift()?.();

  test('draws nothing at once, and everything in order over frames of bounded work', () => {
    const drawn: number[] = [];
    for (let i = 0; i < 5; i++) {
      drawLater(() => {
        now += 5;
        drawn.push(i);
      });
    }
    expect(drawn).toEqual([]);
    nextFrame();
    expect(drawn).toEqual([0, 1]);
    nextFrame();
    nextFrame();
    expect(drawn).toEqual([0, 1, 2, 3, 4]);
    expect(frames).toHaveLength(0);
  });

  test('leaves out a drawing taken back', () => {
    const draw = vi.fn();
    drawLater(draw)();
    nextFrame();
    expect(draw).not.toHaveBeenCalled();
  });
});
