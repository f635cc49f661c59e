import type { GateRule } from './rule.js';

export const authorityRules: readonly GateRule[] = [];
