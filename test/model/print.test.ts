import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyPrint, linePrinter } from '../../src/model/print.ts';

const SOURCE = 'class Cart {\n  total() {\n    const tax = 1;\n    return 2;\n  }\n}\n';

describe('keyPrint', () => {
  it('is the golden one for a given name: prints are kept for years', () => {
    expect(keyPrint(['test/junit', 'cart › adds tax'])).toEqual({ v: 1, key: '9b0ec6d675eb6116' });
  });

  it('tells lists apart that would read the same when joined', () => {
    expect(keyPrint(['a', 'b c'])).not.toEqual(keyPrint(['a b', 'c']));
  });
});

describe('linePrinter', () => {
  it('is the golden one for a given line', () => {
    expect(linePrinter(SOURCE)(3)).toEqual({
      v: 1, L: '5af08856', E: '6dc9c46c', P: '6dc9c46c', N: '131b57e9', p1: '043a0243', n1: '131b57e9', sk: '1f38416bf7',
    });
  });

  it('takes the same tokens from a line in ASCII as from one with other letters behind the tokens that count', () => {
    const token = fc.oneof(fc.stringMatching(/^[!#-&(-~]{1,6}$/), fc.constantFrom('"a b"', "'c\\'d'", '1.5e3', '$_x9', '_'));
    fc.assert(fc.property(fc.array(token, { minLength: 24, maxLength: 60 }), (tokens) => {
      const line = tokens.join(' ');
      expect(linePrinter(`${line} \u00e9`)(1).sk).toBe(linePrinter(line)(1).sk);
    }));
  });

  it('does not change with indentation, tabs, carriage returns or blank lines around', () => {
    const other = 'class Cart {\r\n\r\n\ttotal() {\r\n\t\tconst  tax = 1;\r\n\r\n\t\treturn 2;\r\n\t}\r\n}\r\n';
    const { sk: _a, ...print } = linePrinter(SOURCE)(3);
    const { sk: _b, ...same } = linePrinter(other)(4);
    expect(same).toEqual(print);
  });

  it('knows the enclosing headers by indentation, past lines that are indented more', () => {
    const inOther = linePrinter(SOURCE.replace('class Cart', 'class Basket'))(3);
    expect(inOther.L).toBe(linePrinter(SOURCE)(3).L);
    expect(inOther.E).not.toBe(linePrinter(SOURCE)(3).E);
  });

  it('passes over lone braces when it looks for neighbours', () => {
    const braced = SOURCE.replace('    return 2;', '    {\n    }\n    return 2;');
    expect(linePrinter(braced)(3).n1).toBe(linePrinter(SOURCE)(3).n1);
  });

  it('prints a line beyond the end as an empty one instead of failing', () => {
    expect(linePrinter(SOURCE)(999).L).toBe(linePrinter('')(1).L);
  });
});
