import { describe, expect, test } from 'vitest';
import { safeFilename } from '../../src/charts/download';

describe('safeFilename', () => {
  test.each([
    ['resnet18 depth profile', 'resnet18-depth-profile.svg'],
    ['../../etc/passwd', 'etc-passwd.svg'],
    ['模型 v1.2', '模型-v1.2.svg'],
    ['', 'chart.svg'],
    ['///', 'chart.svg'],
    ['a\u0000b\u202Ec', 'a-b-c.svg'],
  ])('turns %j into %s', (name, filename) => {
    expect(safeFilename(name, 'svg')).toBe(filename);
  });

  test('keeps names short', () => {
    expect(safeFilename('x'.repeat(1000), 'csv').length).toBeLessThanOrEqual(124);
  });
});
