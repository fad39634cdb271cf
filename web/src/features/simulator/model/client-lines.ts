import type { SimulatorState } from "../../../lib/types.ts";

/** A first message through the simulator, ready to run. A test runs them. */
export function clientLines({ graph_url, access_token, numbers }: SimulatorState["access"]) {
  const { phone_number_id = "", waba_id = "" } = numbers[0] ?? {};
  const token = access_token ?? "any";
  return [
    {
      client: "curl",
      code: `curl ${graph_url}/v27.0/${phone_number_id}/messages \\
  -H "Authorization: Bearer ${token}" \\
  -H "Content-Type: application/json" \\
  -d '{"messaging_product": "whatsapp", "to": "${TO}", "type": "text", "text": {"body": "Hello"}}'`,
    },
    {
      client: "pywa",
      code: `from pywa import WhatsApp

wa = WhatsApp(
    phone_id="${phone_number_id}",
    waba_id="${waba_id}",
    token="${token}",
)
wa.api._session.base_url = "${graph_url}/v27.0"
print(wa.send_message(to="${TO}", text="Hello"))`,
    },
    {
      client: "Node",
      code: `const answer = await fetch("${graph_url}/v27.0/${phone_number_id}/messages", {
  method: "POST",
  headers: {
    authorization: "Bearer ${token}",
    "content-type": "application/json",
  },
  body: JSON.stringify({
    messaging_product: "whatsapp",
    to: "${TO}",
    type: "text",
    text: { body: "Hello" },
  }),
});
console.log(await answer.json());`,
    },
  ];
}

/** One of the sandbox's four customers. */
const TO = "12025550147";
