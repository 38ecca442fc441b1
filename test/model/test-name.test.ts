import { describe, expect, it } from 'vitest';
import { testInFile } from '../../src/model/test-name.ts';

describe('testInFile', () => {
  it('leaves out the file that stands beside it, and nothing else', () => {
    expect(testInFile('test/cart.test.ts > cart > adds', 'test/cart.test.ts')).toBe('cart > adds');
    expect(testInFile('cart > adds', 'test/cart.test.ts')).toBe('cart > adds');
    expect(testInFile('test/cart.test.ts > cart > adds', undefined)).toBe('test/cart.test.ts > cart > adds');
    expect(testInFile('test/cart.test.ts > ', 'test/cart.test.ts')).toBe('test/cart.test.ts > ');
  });
});
