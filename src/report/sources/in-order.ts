import { bySizeDescending, byText } from '../decimal.ts';
import type { ProductFacts } from '../facts.ts';

/** By sales, the largest first, then by name and id: the same facts in the same order from every source. */
export const inOrder = (products: readonly ProductFacts[]): ProductFacts[] =>
  products.toSorted(
    (a, b) => bySizeDescending(a.sales, b.sales) || byText(a.product, b.product) || byText(a.productId, b.productId),
  );
