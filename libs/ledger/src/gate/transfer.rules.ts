import type { GateRule } from './rule.js';

export const transferRules: readonly GateRule[] = [];
