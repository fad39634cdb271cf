/** Small parts that several pages of campaigns are made of. */
export { PEOPLE_ID, PeopleLink } from "./people-link.tsx";
export { PersonDialog } from "./person-dialog.tsx";
export { PricesLink } from "./prices-link.tsx";
export { RadioCards } from "./radio-cards.tsx";
export { StateTag } from "./state-tag.tsx";
