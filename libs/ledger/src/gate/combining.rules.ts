import type { GateRule } from './rule.js';

export const combiningRules: readonly GateRule[] = [];
