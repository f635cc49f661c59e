import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Together } from './together.js';

function asked(answer: (key: string) => string = (key) => `${key}!`): { readonly together: Together<string, string>; readonly questions: (readonly string[])[] } {
  const questions: (readonly string[])[] = [];
  const together = new Together<string, string>(async (keys) => {
    questions.push(keys);
    await delay(5);
    return keys.map(answer);
  });
  return { together, questions };
}

describe('questions asked together', () => {
  it('are one for those of one turn, and one more for all that came meanwhile', async () => {
    const { together, questions } = asked();
    const first = [together.of('a'), together.of('b')];
    await delay(1);
    const meanwhile = [together.of('c'), together.of('a')];
    expect(await Promise.all([...first, ...meanwhile])).toEqual(['a!', 'b!', 'c!', 'a!']);
    expect(questions).toEqual([['a', 'b'], ['c', 'a']]);
  });

  it('are never answered with what was read before they were asked', async () => {
    let stored = 'old';
    const { together } = asked(() => stored);
    const before = together.of('a');
    await delay(1);
    const after = together.of('a');
    await before;
    stored = 'new';
    expect(await after).toBe('new');
  });

  it('fail together, and the next are asked all the same', async () => {
    let isAway = true;
    const { together } = asked((key) => {
      if (isAway) throw new Error('away');
      return key;
    });
    await expect(Promise.all([together.of('a'), together.of('b')])).rejects.toThrow('away');
    isAway = false;
    expect(await together.of('c')).toBe('c');
  });
});
