import type { GateRule } from './rule.js';

export const consentRules: readonly GateRule[] = [];
