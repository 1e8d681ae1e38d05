export const ROOT: string;
export function installBrowser(): void;
