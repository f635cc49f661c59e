import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvLine, csvRow } from './csv.js';

describe('a row of CSV', () => {
  it.each([
    [['a', 'b'], 'a,b\r\n'],
    [['a "quoted" word', 'one, two', 'line\nbreak'], '"a ""quoted"" word","one, two","line\nbreak"\r\n'],
    [[undefined, null, 5, true, ['x', 'y'], { a: 1 }], ',,5,true,x y,"{""a"":1}"\r\n'],
    [['=1+1', '+1', '-1', '@x', '\tx', '\rx', -1], "'=1+1,'+1,'-1,'@x,'\tx,\"'\rx\",'-1\r\n"],
    [[['=x', 'y']], "'=x y\r\n"],
  ])('%j is %j', (cells, text) => {
    expect(csvRow(cells)).toBe(text);
  });

  it('is read back as the cells that were written, and none of them is a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 2 }), (cells) => {
        const read = readRow(csvRow(cells));
        expect(read.map((cell, i) => (cell === `'${cells[i]}` ? cells[i] : cell))).toEqual(cells);
        for (const cell of read) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });

  it('has a line’s members in the order of the columns', () => {
    expect(csvLine(['b', 'missing', 'a'], { a: 1, b: 2 })).toBe('2,,1\r\n');
  });
});

/** As RFC 4180 says: fields with or without quotes, and a quote within is doubled. */
function readRow(text: string): readonly string[] {
  const fields: string[] = [];
  let rest = text.slice(0, -2);
  for (;;) {
    const [field, quoted] = /^"((?:[^"]|"")*)"|^[^",]*/.exec(rest) ?? [''];
    fields.push(quoted?.replaceAll('""', '"') ?? field);
    rest = rest.slice(field.length);
    if (rest === '') return fields;
    rest = rest.slice(1);
  }
}
