import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import { directions } from './tools/eslint-imports.mjs';

/** Import directions: each folder of src may import only from the folders named here (and from itself). */
const FOLDERS = {
  domain: [],
  formats: ['domain'],
  analysis: ['domain'],
  compute: ['domain', 'analysis'],
  workers: ['domain', 'formats', 'analysis', 'compute'],
  client: ['domain', 'workers'],
  state: ['domain', 'analysis', 'client'],
  charts: ['domain', 'analysis'],
  views: ['domain', 'analysis', 'state', 'charts'],
  app: ['domain', 'analysis', 'state', 'charts', 'views'],
};

/** One gate a dependency: packages whose names start so are imported only in these folders. */
const GATES = [
  { packages: ['@tensorflow/'], folders: ['compute'] },
  { packages: ['onnx-proto', 'protobufjs'], folders: ['formats'] },
  { packages: ['d3-'], folders: ['charts'] },
  { packages: ['@noble/'], folders: ['workers'] },
];

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
  {
    files: ['src/*/**/*.{ts,svelte}'],
    plugins: { project: { rules: { directions } } },
    rules: { 'project/directions': ['error', { folders: FOLDERS, gates: GATES }] },
  },
  {
    files: ['src/**/*.{ts,svelte}'],
    ignores: ['src/client/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression:matches([callee.name='Worker'], [callee.property.name='Worker'])",
          message: 'Workers are created in src/client only.',
        },
      ],
    },
  },
);
