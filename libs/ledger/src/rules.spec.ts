import { describe, expect, it } from '@jest/globals';
import { articleText, rules, ruleText } from './rules.js';

describe('an article', () => {
  it.each([
    ['GDPR Art. 4(7)–(10), 28(3)(a)', 'GDPR artikel 4.7–10, 28.3 a'],
    ['GDPR recital 38, 71', 'GDPR skäl 38, 71'],
    ['Decision (EU) 2021/914 clause 14(f), 16(b)', 'Beslut (EU) 2021/914 klausul 14 f, 16 b'],
    ['GDPR Art. 46(2)(c); Decision (EU) 2021/914 Art. 1', 'GDPR artikel 46.2 c; beslut (EU) 2021/914 artikel 1'],
    ['Lag (1998:527) 3 §', 'Lag (1998:527) 3 §'],
  ])('%s is %s in Swedish', (english, swedish) => {
    expect(articleText(english, 'sv')).toBe(swedish);
    expect(articleText(english, 'en')).toBe(english);
  });
});

describe('a rule', () => {
  it('has a sentence in both languages, each with its article, and no Swedish words of law in the English', () => {
    for (const code of Object.keys(rules) as (keyof typeof rules)[]) {
      expect(ruleText(code, 'sv')).toMatch(/^.+ \(.+\)$/);
      expect(ruleText(code, 'en')).not.toMatch(/Beslut|klausul|artikel|bilaga/);
    }
  });
});
