import { call, carryOut, type GraphClient } from "./graph-calls.ts";
import {
  accountShape,
  appShape,
  appSubscriptionsShape,
  numberStateShape,
  profileShape,
  subscriptionsShape,
  successShape,
  tokenShape,
} from "./graph-shapes.ts";
import type { AppSecret, Graph } from "./graph-types.ts";

const STATE_FIELDS = [
  "id,display_phone_number,verified_name,quality_rating,throughput,whatsapp_business_manager_messaging_limit",
  "name_status,code_verification_status,status,is_pin_enabled,account_mode,webhook_configuration",
].join(",");
const PROFILE_FIELDS = "about,address,description,email,profile_picture_url,websites,vertical";

/** An app's own token is its id and secret. */
const tokenOf = ({ id, secret }: AppSecret): string => `${id}|${secret}`;

type AppCalls = Pick<
  Graph,
  | "subscribe"
  | "subscriptions"
  | "unsubscribe"
  | "app"
  | "inspectToken"
  | "account"
  | "appSubscriptions"
  | "subscribeApp"
>;

export const readApp = (client: GraphClient) =>
  call(client, { method: "GET", path: "app", query: { fields: "id,name" }, shape: appShape });

/** The app, its own subscription, and those of accounts to it. */
export const appCalls = (client: GraphClient): AppCalls => ({
  subscribe: (waba_id, override) =>
    carryOut(client, {
      method: "POST",
      path: `${waba_id}/subscribed_apps`,
      json: override
        ? { override_callback_uri: override.callback_url, verify_token: override.verify_token }
        : {},
      shape: successShape,
    }),

  async subscriptions(waba_id) {
    const path = `${waba_id}/subscribed_apps`;
    const answer = await call(client, { method: "GET", path, shape: subscriptionsShape });
    return answer.outcome === "done" ? { outcome: "done", value: answer.value.data } : answer;
  },

  unsubscribe: (waba_id) =>
    carryOut(client, { method: "DELETE", path: `${waba_id}/subscribed_apps`, shape: successShape }),

  app: () => readApp(client),

  async inspectToken(app) {
    const query = { input_token: await client.token() };
    const given = {
      method: "GET",
      path: "debug_token",
      query,
      token: tokenOf(app),
      shape: tokenShape,
    } as const;
    const answer = await call(client, given);
    return answer.outcome === "done" ? { outcome: "done", value: answer.value.data } : answer;
  },

  account: (waba_id) =>
    call(client, {
      method: "GET",
      path: waba_id,
      query: { fields: "id,name,account_review_status,health_status" },
      shape: accountShape,
    }),

  async appSubscriptions(app) {
    const path = `${app.id}/subscriptions`;
    const answer = await call(client, {
      method: "GET",
      path,
      token: tokenOf(app),
      shape: appSubscriptionsShape,
    });
    return answer.outcome === "done" ? { outcome: "done", value: answer.value.data } : answer;
  },

  subscribeApp: (app, { callback_url, verify_token, fields }) =>
    carryOut(client, {
      method: "POST",
      path: `${app.id}/subscriptions`,
      token: tokenOf(app),
      json: {
        object: "whatsapp_business_account",
        callback_url,
        verify_token,
        fields: fields.join(","),
        include_values: true,
      },
      shape: successShape,
    }),
});

type NumberCalls = Pick<
  Graph,
  | "numberState"
  | "profile"
  | "changeProfile"
  | "register"
  | "deregister"
  | "setPin"
  | "requestCode"
  | "verifyCode"
  | "overrideNumber"
>;

/** What an operator sees and sets of a number. */
export const numberManagementCalls = (client: GraphClient): NumberCalls => {
  const post = (path: string, json: unknown) =>
    carryOut(client, { method: "POST", path, json, shape: successShape });
  return {
    numberState: (id) =>
      call(client, { method: "GET", path: id, query: { fields: STATE_FIELDS }, shape: numberStateShape }),

    async profile(id) {
      const path = `${id}/whatsapp_business_profile`;
      const answer = await call(client, {
        method: "GET",
        path,
        query: { fields: PROFILE_FIELDS },
        shape: profileShape,
      });
      return answer.outcome === "done" ? { outcome: "done", value: answer.value.data[0] } : answer;
    },
    changeProfile: (id, changes) =>
      post(`${id}/whatsapp_business_profile`, { messaging_product: "whatsapp", ...changes }),

    register: (id, pin) => post(`${id}/register`, { messaging_product: "whatsapp", pin }),
    deregister: (id) => post(`${id}/deregister`, {}),
    setPin: (id, pin) => post(id, { pin }),
    requestCode: (id, code_method, language) => post(`${id}/request_code`, { code_method, language }),
    verifyCode: (id, code) => post(`${id}/verify_code`, { code }),

    overrideNumber: (id, override) =>
      post(id, {
        webhook_configuration: override
          ? { override_callback_uri: override.callback_url, verify_token: override.verify_token }
          : { override_callback_uri: "" },
      }),
  };
};
