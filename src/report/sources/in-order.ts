import Big from 'big.js';
import { byText } from '../decimal.ts';
import type { ProductFacts } from '../facts.ts';

/** By sales, the largest first, then by name and id: the same facts in the same order from every source. */
export const inOrder = (products: readonly ProductFacts[]): ProductFacts[] =>
  // Each amount is parsed once and not once a comparison, which for a thousand products is most of the work.
  products
    .map(product => ({ product, sales: new Big(product.sales) }))
    .sort(
      (a, b) =>
        b.sales.cmp(a.sales) ||
        byText(a.product.product, b.product.product) ||
        byText(a.product.productId, b.product.productId),
    )
    .map(({ product }) => product);
