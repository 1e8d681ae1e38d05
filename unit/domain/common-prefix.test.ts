import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commonPrefixLength, withoutPrefix } from '../../src/domain/common-prefix';

function elided(labels: readonly string[]): string[] {
  const length = commonPrefixLength(labels);
  return labels.map((label) => withoutPrefix(label, length));
}

describe('the common prefix of layer names', () => {
  test.each<[string, string[], string[]]>([
    ['none', [], []],
    ['one', ['/model/conv'], ['/model/conv']],
    ['slashes', ['/model/a/conv', '/model/b/conv'], ['…/a/conv', '…/b/conv']],
    ['dots', ['net.body.0', 'net.body.1'], ['…/0', '…/1']],
    ['colons', ['net::conv1', 'net::conv2'], ['…/conv1', '…/conv2']],
    ['steps stay whole', ['/model/conv1', '/model/conv10'], ['…/conv1', '…/conv10']],
    ['nothing in common', ['conv', 'stem/conv'], ['conv', 'stem/conv']],
    ['no separator', ['conv1', 'conv2'], ['conv1', 'conv2']],
    ['a leading separator saves nothing', ['/a', '/b'], ['/a', '/b']],
    ['equal names', ['/model/conv', '/model/conv'], ['…/conv', '…/conv']],
    ['one is the path of the other', ['/model/', '/model/conv'], ['/model/', '/model/conv']],
    ['empty', ['', '/model/conv'], ['', '/model/conv']],
  ])('%s', (_, labels, expected) => {
    expect(elided(labels)).toEqual(expected);
  });

  test('names that differ still differ, each ends as it did, and none is left empty', () => {
    const label = fc
      .array(fc.constantFrom('model', 'a', 'b', '/', '.', '::'), { maxLength: 8 })
      .map((s) => s.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(label, { maxLength: 6 }), (labels) => {
        const length = commonPrefixLength(labels);
        const ends = labels.map((each) => each.slice(length));
        expect(new Set(ends).size).toBe(labels.length);
        expect(new Set(labels.map((each) => each.slice(0, length))).size).toBeLessThan(2);
        if (length > 0) expect(ends).not.toContain('');
      }),
    );
  });
});
