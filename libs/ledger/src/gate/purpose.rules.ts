import type { GateRule } from './rule.js';

export const purposeRules: readonly GateRule[] = [];
