import type { GateRule } from './rule.js';

export const personRules: readonly GateRule[] = [];
