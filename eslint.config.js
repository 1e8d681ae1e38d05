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
  node: ['domain', 'formats', 'analysis', 'compute', 'workers'],
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
  { packages: ['@noble/'], folders: ['analysis', 'workers'] },
];

/** One way to write each of these. */
const DIALECT = [
  {
    selector: ':matches(PropertyDefinition, MethodDefinition[kind!="constructor"])[accessibility]',
    message: 'Private members are written #name; public ones need no word.',
  },
  {
    selector:
      'Program > :matches(VariableDeclaration, ExportNamedDeclaration > VariableDeclaration) > VariableDeclarator[id.typeAnnotation=undefined] > ArrowFunctionExpression',
    message: 'Functions of a module are declared with function, unless a type names them.',
  },
  {
    selector: "CallExpression:matches([callee.name='it'], [callee.object.name='it'])",
    message: 'Tests are written test(...).',
  },
];

export default ts.config(
  {
    ignores: [
      'dist/',
      'dist-node/',
      'node_modules/',
      'public/',
      'test-results/',
      'playwright-report/',
      'src/**/*.as.ts',
    ],
  },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      'no-duplicate-imports': 'error',
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['warn', 'error'] }],
    },
  },
  {
    files: ['src/**/*.ts', 'unit/**/*.ts', 'e2e/**/*.ts', 'tools/**/*.ts'],
    rules: {
      '@typescript-eslint/parameter-properties': 'error',
      'no-restricted-syntax': ['error', ...DIALECT],
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
    ignores: ['src/client/bound-worker.ts', 'src/node/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...DIALECT,
        {
          selector: "NewExpression:matches([callee.name='Worker'], [callee.property.name='Worker'])",
          message: 'Workers are started in src/client/bound-worker.ts and src/node only.',
        },
        {
          selector: "Identifier[name='trustedTypes']",
          message: 'The one policy for trusted types is made in src/client/bound-worker.ts.',
        },
      ],
    },
  },
  // A global is declared with var.
  { files: ['src/globals.d.ts'], rules: { 'no-var': 'off', 'no-restricted-syntax': 'off' } },
);
