import tseslint from 'typescript-eslint';

/** What needs types to be seen, and a few habits of the house. What the syntax alone tells is `test/architecture.spec.ts`'s. */
export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '**/*.mjs'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: new URL('../..', import.meta.url).pathname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-explicit-any': 'off',
      // `const _: never = x` and members that are left out on purpose say so by their name.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/promise-function-async': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      // A callback may begin something; what it begins is looked after by whoever keeps the promise (no-floating-promises).
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allow: ['URL', 'URLSearchParams'] }],
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // Decisions, views and schemas are plain objects without `this`; handing their functions about is the house's way.
      '@typescript-eslint/unbound-method': 'off',
      // What JSON.parse, workers and the command line give has a type at once, by annotation; the word itself is kept out by the architecture test.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    // Tests look at whatever came back; what is not of the shape they expect fails them anyway.
    files: ['**/*.spec.ts', '**/*.examples.ts', '**/*.fixture.ts', '**/*.bench.ts', '**/*.bench.worker.ts', '**/*.child.ts', '**/conformance*.ts', '**/conformance/*.ts', '**/*.suite.ts', '**/*laws.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  {
    // commander gives its actions `any`; what they are is declared beside them.
    files: ['apps/cli/src/main.ts'],
    rules: { '@typescript-eslint/no-unsafe-argument': 'off' },
  },
);
