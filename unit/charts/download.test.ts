import fc from 'fast-check';
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
    ['con', '_con.svg'],
    ['LPT¹.analysis', '_LPT¹.analysis.svg'],
    ['console', 'console.svg'],
    ['a\uD83Db', 'a-b.svg'],
    ['\u3164', 'chart.svg'],
    ['\u0301e\u0301', 'é.svg'],
    ['.. ..', 'chart.svg'],
  ])('turns %j into %s', (name, filename) => {
    expect(safeFilename(name, 'svg')).toBe(filename);
  });

  test('long names keep both ends, which tell charts apart, and no more bytes than systems take', () => {
    const name = safeFilename(`${'model/'.repeat(2000)} layer4 kernels`, 'csv');
    expect(name).toMatch(/^model-model-.*--.*-layer4-kernels\.csv$/);
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 600 }),
        fc.constantFrom('', '模', 'é', '\uD83D'),
        (text, more) => {
          const name = safeFilename(text + more.repeat(500) + text, 'json');
          expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(201);
          expect(name).toMatch(/^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}._-]*\.json$/u);
          expect(name).not.toMatch(/\p{Default_Ignorable_Code_Point}/u);
        },
      ),
    );
  });
});
