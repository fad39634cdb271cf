export { getPhoneNumber, listPhoneNumbers } from "./views.ts";
