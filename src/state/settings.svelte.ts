import type { BackendPreference } from '../domain/results';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const BACKENDS = ['automatic', 'webgpu', 'cpu'] as const;
export type BackendSetting = BackendPreference['backend'];

const KEY = 'filterscope.settings';

/** Choices kept on this device; where storage is refused they last as long as the page. */
export class Settings {
  theme: Theme = $state('system');
  backend: BackendSetting = $state('automatic');
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | null;

  constructor(storage: () => Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = attempt(storage);
    const saved = attempt(
      () => JSON.parse(this.#storage?.getItem(KEY) ?? 'null') as Record<string, unknown> | null,
    );
    this.theme = THEMES.find((theme) => theme === saved?.theme) ?? this.theme;
    this.backend = BACKENDS.find((backend) => backend === saved?.backend) ?? this.backend;
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.#save();
  }

  setBackend(backend: BackendSetting): void {
    this.backend = backend;
    this.#save();
  }

  #save(): void {
    attempt(() => this.#storage?.setItem(KEY, JSON.stringify({ theme: this.theme, backend: this.backend })));
  }
}

/** Storage throws where cookies are blocked or the quota is reached; settings are worth no error. */
function attempt<Value>(action: () => Value): Value | null {
  try {
    return action();
  } catch {
    return null;
  }
}
