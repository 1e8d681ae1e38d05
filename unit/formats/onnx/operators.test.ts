import { describe, expect, test } from 'vitest';
import { ruleOf, writersOf } from '../../../src/formats/onnx/operators';

describe('operators that are followed', () => {
  test('each has somebody who writes it on the way to a weight', () => {
    const all = writersOf();
    expect(all.length).toBeGreaterThan(70);
    for (const { domain, operator, writers } of all) {
      expect(ruleOf(domain, operator), `${domain}.${operator}`).not.toBeNull();
      expect(writers, operator).toMatch(/^\S.{7,}\S$/);
    }
  });

  test('what is named like a property of every object is none', () => {
    expect(ruleOf('', 'constructor')).toBeNull();
    expect(ruleOf('toString', 'Add')).toBeNull();
    expect(ruleOf('my.domain', 'Add')).toBeNull();
  });
});
