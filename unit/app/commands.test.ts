import { expect, test } from 'vitest';
import { matchCommands, type Command } from '../../src/app/commands';

function command(label: string, group: Command['group'] = 'Layer'): Command {
  return {
    id: label,
    group,
    label,
    run: () => undefined,
  };
}

const all = [command('/block1/conv'), command('conv1'), command('Settings', 'Command'), command('conv_10')];
function found(query: string, limit?: number) {
  return matchCommands(all, query, limit).map(({ label }) => label);
}

test('all without a query, in order', () => expect(found('')).toEqual(all.map(({ label }) => label)));

test('every word must occur, those that begin with it come first', () => {
  expect(found('conv 1')).toEqual(['conv1', 'conv_10', '/block1/conv']);
  expect(found('SETT')).toEqual(['Settings']);
  expect(found('none')).toEqual([]);
});

test('the group can be asked for', () => expect(found('command')).toEqual(['Settings']));

test('at most so many', () => expect(found('', 2)).toHaveLength(2));
