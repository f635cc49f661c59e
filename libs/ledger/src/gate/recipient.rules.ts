import type { GateRule } from './rule.js';

export const recipientRules: readonly GateRule[] = [];
