import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Import directions: each folder of src may import only from the folders named here (and from itself). */
const ALLOWED_IMPORTS = {
  domain: [],
  formats: ['domain'],
  analysis: ['domain'],
  compute: ['domain', 'analysis'],
  store: ['domain'],
  workers: ['domain', 'formats', 'analysis', 'compute', 'store'],
  client: ['domain', 'workers'],
  state: ['domain', 'analysis', 'client', 'store'],
  charts: ['domain', 'analysis'],
  views: ['domain', 'analysis', 'state', 'charts'],
  app: ['domain', 'analysis', 'state', 'charts', 'views'],
};

/** One gate a dependency: the packages on the left are imported only in the folders on the right. */
const GATES = [
  { packages: ['@tensorflow/*'], folders: ['compute'] },
  { packages: ['onnx-proto', 'onnx-proto/*', 'protobufjs', 'protobufjs/*'], folders: ['formats'] },
  { packages: ['d3-*'], folders: ['charts'] },
  { packages: ['@noble/*'], folders: ['workers'] },
  { packages: ['idb'], folders: ['store'] },
];

const directions = Object.entries(ALLOWED_IMPORTS).map(([folder, allowed]) => ({
  files: [`src/${folder}/**/*.{ts,svelte}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...Object.keys(ALLOWED_IMPORTS)
            .filter((other) => other !== folder && !allowed.includes(other))
            .map((other) => ({
              regex: `^(\\.\\./)+${other}(/|$)`,
              message: `src/${folder} may import only from ${[folder, ...allowed].join(', ')}.`,
            })),
          ...GATES.filter((gate) => !gate.folders.includes(folder)).map((gate) => ({
            group: gate.packages,
            message: `${gate.packages[0]} is imported only in src/${gate.folders.join(', src/')}.`,
          })),
        ],
      },
    ],
    ...(folder === 'client'
      ? {}
      : {
          'no-restricted-syntax': [
            'error',
            {
              selector: "NewExpression[callee.name='Worker']",
              message: 'Workers are created in src/client only.',
            },
          ],
        }),
  },
}));

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'public/', 'test-results/', 'playwright-report/', 'src/**/*.as.ts'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['warn', 'error'] }],
    },
  },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  { files: ['tools/**', 'bench/**', 'unit/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  ...directions,
);
