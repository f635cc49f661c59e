import type { GateRule } from './rule.js';

export const authorisationRules: readonly GateRule[] = [];
