export function firstScripts(dist: string): { file: string; bytes: number }[];
export function checkFirstLoad(dist?: string): boolean;
