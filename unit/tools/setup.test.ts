import { beforeEach, expect, test, vi } from 'vitest';
import { installBrowser } from '../../tools/setup.mjs';

const { commands } = vi.hoisted(() => ({ commands: [] as string[] }));

vi.mock('node:child_process', () => ({
  spawnSync: (command: string, args: string[]) => {
    commands.push([command, ...args].join(' '));
    return { status: 1 };
  },
}));
vi.mock('../../tools/chromium.mjs', () => ({ chromiumPath: () => undefined }));

class Exit extends Error {}
const said = vi.spyOn(console, 'error').mockReturnValue();

beforeEach(() => {
  commands.length = 0;
  said.mockClear();
  vi.spyOn(console, 'log').mockReturnValue();
  vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Exit();
  });
});

test('a user’s tests install nothing for the whole system, and print the command', () => {
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  expect(installBrowser).toThrow(Exit);
  expect(commands.filter((command) => /^(sudo|apt-get)|install-deps/.test(command))).toEqual([]);
  expect(said.mock.calls.join('\n')).toContain('  sudo apt-get install -y chromium');
});

test('root installs by itself', () => {
  vi.spyOn(process, 'getuid').mockReturnValue(0);
  expect(installBrowser).toThrow(Exit);
  expect(commands).toContain('apt-get install -y chromium');
  expect(commands.filter((command) => command.startsWith('sudo'))).toEqual([]);
});
