/** Phone numbers as people write them, and the forms in which one number comes. */
export {
  commonNumber,
  dialledToday,
  mayBeOneNumber,
  type NumberPart,
  variantsOf,
} from "./number-variants.ts";
export { countryOf, isCountry, judgeNumber, readNumber, searchedNumbers } from "./phone-numbers.ts";
