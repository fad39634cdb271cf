import type { Body } from "../protocol/protocol.ts";

/** What Meta keeps of a number beside its messages; in memory, so a restart forgets it. */
export interface NumberState {
  /** In use with the Cloud API: what isn't can't send. */
  registered: boolean;
  verified: boolean;
  /** The code that was asked for last. */
  code: string | null;
  /** Of two-step verification. Null: none was set yet. */
  pin: string | null;
  /** When it was registered or deregistered, in ms: Meta counts these. */
  registrations: number[];
  verified_name: string;
  new_display_name: string | null;
  data_localization_region: string | null;
  override_callback_uri: string | null;
  profile: Body;
  picture: { bytes: Buffer; mime_type: string } | null;
  settings: Body;
  commerce: { is_cart_enabled: boolean; is_catalog_visible: boolean };
  conversational_automation: { prompts: unknown[]; commands: unknown[] };
  public_key: string | null;
  username: string | null;
}

export interface NumberStates {
  /** Made when it is first asked for. */
  of(phone_number_id: string): NumberState;
}

export function createNumberStates(verified_name: string): NumberStates {
  const kept = new Map<string, NumberState>();
  const fresh = (): NumberState => ({
    registered: true,
    verified: true,
    code: null,
    pin: null,
    registrations: [],
    verified_name,
    new_display_name: null,
    data_localization_region: null,
    override_callback_uri: null,
    profile: { messaging_product: "whatsapp", vertical: "UNDEFINED" },
    picture: null,
    settings: {
      calling: {
        status: "ENABLED",
        call_icon_visibility: "DEFAULT",
        callback_permission_status: "DISABLED",
      },
      storage_configuration: { status: "DEFAULT" },
      user_identity_change: { enable_identity_key_check: false },
    },
    commerce: { is_cart_enabled: true, is_catalog_visible: false },
    conversational_automation: { prompts: [], commands: [] },
    public_key: null,
    username: null,
  });
  return {
    of(phone_number_id) {
      let state = kept.get(phone_number_id);
      if (!state) kept.set(phone_number_id, (state = fresh()));
      return state;
    },
  };
}
