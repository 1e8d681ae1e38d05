export function dawnAdapter(): string | null;
