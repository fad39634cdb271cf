/** What the customers of the sandbox say and send when one taps instead of writing. */

export const OPENERS = [
  "Hi! Is the blue rain jacket still in stock? 🧥",
  "Where is my order *#4821*?",
  "¡Hola! ¿Abren los domingos?",
];
export const PLACE = { latitude: 38.70788, longitude: -9.13649, name: "Praça do Comércio, Lisbon" };
export const FRIEND = {
  name: { formatted_name: "Ada Osei", first_name: "Ada", last_name: "Osei" },
  phones: [{ phone: "+233 20 555 0147", type: "CELL" }],
  emails: [{ email: "ada@example.com", type: "WORK" }],
  org: { company: "Osei Kayaks", title: "Guide" },
};
export const ORDER_NOTE = "Can I pick it up on Saturday?";
export const AD_WORDS = {
  headline: "Autumn sale: 20% off rainwear",
  body: "Stay dry this season. Chat with us to find your size.",
};
