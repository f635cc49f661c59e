import type { GateRule } from './rule.js';

export const conferenceRules: readonly GateRule[] = [];
