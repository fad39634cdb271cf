/**
 * What messages cost. A workspace enters its rate card, as Meta's prices change and depend on currency and contract; what
 * Meta charges for, its statuses say (`pricing`). Both together are money, and what has no price is named, never guessed.
 */
export { amountOf, moneyOf, sumUnpriced, type Charged, type Money, type Pricer } from "./pricing.ts";
export { addPrices, putRateCard, readPricer, readRateCard, removeRateCard } from "./rate-card.ts";
