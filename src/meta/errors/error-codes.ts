import type { Behaviour, Wait } from "./behaviours.ts";

/**
 * What Meta's error codes mean, a line a code: `docs/meta-errors.md` shows the same lines. Sources: Meta's page of
 * error codes and the pages of groups, calling, flows and templates; the behaviours follow its "possible solutions".
 * Codes above a million come as `error_subcode` of 100 in answers to calls.
 */
export interface CodeLine {
  code: number;
  /** The line holds for a range of codes: its last. */
  last?: number;
  subcode?: number;
  symbol: string;
  behaviour: Behaviour;
  /** Where it differs from the behaviour's own. */
  wait?: Wait;
  says: string;
  advice: string;
}

type Row = [
  code: number | [first: number, last: number] | { code: number; subcode: number },
  symbol: string,
  behaviour: Behaviour,
  says: string,
  advice: string,
  wait?: Wait,
];

const minute_ms = 60_000;
const hour_ms = 60 * minute_ms;
const FEW: Wait = { base_ms: 2_000, factor: 2, cap_ms: minute_ms, tries: 3 };
const every = (ms: number, tries: number): Wait => ({ base_ms: ms, factor: 1, cap_ms: ms, tries });

const RECONNECT = "Make a new token for the system user and save it in the connection.";
const GRANT =
  "Give the system user whatsapp_business_messaging and whatsapp_business_management for this account.";
const DETAILS = "Read Meta's details; they name the field. Correct it and send again.";
const REGISTER = "Register the number again in WhatsApp Manager, then resume it.";
const WAIT = "Nothing: Wharf tries again.";
const NOTHING = "Nothing; ask the person to send it again if it matters.";
const TEMPLATE = "Correct the template, have it approved, then use it again.";
const PARAMETERS = "Compare the parameters with the template, and send again.";
const GROUP = "Check the group and its members in Meta's group settings.";
const CALL = "Check the number's calling settings and the person's permission to call.";
const MANAGER = "Open WhatsApp Manager, see what Meta asks for, and resume when it is settled.";

const GENERAL: readonly Row[] = [
  [
    0,
    "TOKEN_NOT_ACCEPTED",
    "pause_connection",
    "Meta does not accept the access token: it expired, was revoked, or never was one.",
    RECONNECT,
  ],
  [1, "API_UNKNOWN", "retry", "Meta could not read the request, or failed itself.", WAIT, FEW],
  [2, "API_SERVICE", "retry", "Meta's service is down or overloaded for now.", WAIT],
  [3, "API_METHOD", "pause_connection", "The app lacks a capability or permission for this call.", GRANT],
  [
    4,
    "APP_RATE_LIMIT",
    "throttle_app",
    "The app has made too many calls.",
    "Nothing: Wharf waits until Meta lets it call again.",
  ],
  [10, "PERMISSION_DENIED", "pause_connection", "The permission was not granted, or was removed.", GRANT],
  [
    17,
    "USER_RATE_LIMIT",
    "throttle_app",
    "The token's user has made too many calls.",
    "Nothing: Wharf waits until Meta lets it call again.",
  ],
  [
    33,
    "NUMBER_DELETED",
    "pause_number",
    "The business number was deleted.",
    "Choose another number, or add it again in WhatsApp Manager.",
  ],
  [100, "INVALID_PARAMETER", "give_up", "A field is misspelled, not supported or too long.", DETAILS],
  [
    { code: 100, subcode: 33 },
    "OBJECT_NOT_VISIBLE",
    "pause_connection",
    "The number or account does not exist, or the token may not see it.",
    GRANT,
  ],
  [
    102,
    "SESSION_OVER",
    "pause_connection",
    "The access token expired, was revoked, or never was one.",
    RECONNECT,
  ],
  [190, "TOKEN_EXPIRED", "pause_connection", "The access token expired or was revoked.", RECONNECT],
  [[200, 299], "API_PERMISSION", "pause_connection", "A permission was not granted, or was removed.", GRANT],
  [
    341,
    "APP_LIMIT",
    "throttle_app",
    "The app has reached a limit of Meta's, or Meta is throttling it.",
    "Nothing: Wharf waits until Meta lets it call again.",
  ],
  [
    368,
    "POLICY_BLOCK",
    "pause_connection",
    "Meta restricts the account for a breach of its policy.",
    "See the account's quality page in WhatsApp Manager, and appeal there.",
  ],
  [
    400,
    "OLD_MEDIA_DOWNLOAD_FAILED",
    "note",
    "WhatsApp could not fetch the file that the person sent.",
    NOTHING,
  ],
  [
    470,
    "OLD_REENGAGEMENT",
    "close_window",
    "More than 24 hours have passed since the person's last message (the On-Premises API's code).",
    "Send a template.",
  ],
  [
    500,
    "ON_PREMISES_500",
    "give_up",
    "An error of the old On-Premises API.",
    "Look it up in Meta's archive; it is not sent by the Cloud API.",
  ],
  [
    501,
    "ON_PREMISES_501",
    "give_up",
    "The On-Premises API does not know this type of message.",
    "Send another type of message.",
  ],
  [613, "CALL_RATE_LIMIT", "throttle_app", "Too many calls of this kind.", WAIT],
  [1013, "ON_PREMISES_1013", "unreachable", "The On-Premises API found no such user.", "Check the number."],
  [
    1014,
    "ON_PREMISES_1014",
    "give_up",
    "An internal error of the old On-Premises API.",
    "Send the message again.",
  ],
  [
    80007,
    "ACCOUNT_RATE_LIMIT",
    "throttle_app",
    "The WhatsApp Business account has reached its limit of calls.",
    "Nothing: Wharf waits until Meta lets it call again.",
  ],
];

const MESSAGES: readonly Row[] = [
  [
    130429,
    "THROUGHPUT_REACHED",
    "throttle_number",
    "The number sends faster than Meta lets it.",
    "Nothing: Wharf slows the number down.",
  ],
  [
    130472,
    "MARKETING_EXPERIMENT",
    "not_now",
    "Meta holds marketing back from this person for an experiment; nothing is charged.",
    "Use a utility template, or wait until the person writes.",
  ],
  [
    130497,
    "COUNTRY_RESTRICTED",
    "give_up",
    "This business may not write to people in this country.",
    "See Meta's list of restricted countries for your kind of business.",
  ],
  [
    130501,
    "TYPE_NOT_SUPPORTED",
    "note",
    "A type of message that the API does not pass on.",
    "Nothing; the person sees it in WhatsApp.",
  ],
  [131000, "SOMETHING_WENT_WRONG", "retry", "Meta failed for a reason that it does not name.", WAIT, FEW],
  [131005, "ACCESS_DENIED", "pause_connection", "A permission was not granted, or was removed.", GRANT],
  [131008, "PARAMETER_MISSING", "give_up", "A required field is missing.", DETAILS],
  [131009, "PARAMETER_NOT_VALID", "give_up", "A field has a value that Meta does not take.", DETAILS],
  [
    131014,
    "MEDIA_LINK_NOT_FOUND",
    "give_up",
    "Nothing is at the media link.",
    "Check the link in a browser that is not signed in, and send again.",
  ],
  [131016, "SERVICE_UNAVAILABLE", "retry", "Meta's service is not available for now.", WAIT],
  [131020, "GROUP_NOT_VALID", "give_up", "The group has only one member, or none.", GROUP],
  [
    131021,
    "RECIPIENT_IS_SENDER",
    "give_up",
    "The message is addressed to the number that sends it.",
    "Write to another number.",
  ],
  [
    131026,
    "UNDELIVERABLE",
    "unreachable",
    "The number is not on WhatsApp, or its WhatsApp is too old, or its terms were not accepted.",
    "Confirm the number with the customer.",
  ],
  [
    131030,
    "NOT_IN_TEST_LIST",
    "give_up",
    "A test number writes only to people on its list.",
    "Add the person to the list in the app's dashboard, or use a real number.",
  ],
  [131031, "ACCOUNT_LOCKED", "pause_connection", "Meta has locked or restricted the account.", MANAGER],
  [
    131035,
    "WEBHOOK_LOST",
    "ask",
    "A webhook could not be delivered in time and Meta kept no copy: data is lost.",
    "Find out why Wharf could not be reached, and ask the people concerned to write again.",
  ],
  [
    131036,
    "PAYLOAD_LOST",
    "retry",
    "Meta no longer had the message when it was to be sent.",
    "Nothing: Wharf sends it once more.",
    every(5_000, 1),
  ],
  [
    131037,
    "DISPLAY_NAME_NEEDED",
    "pause_number",
    "The number needs an approved display name before it can send.",
    "Have the display name approved in WhatsApp Manager, then resume the number.",
  ],
  [131041, "GROUP_UNKNOWN", "give_up", "There is no such group.", GROUP],
  [
    131042,
    "PAYMENT_PROBLEM",
    "pause_connection",
    "Something is wrong with how the account pays.",
    "Settle the payment in Meta's billing hub, then resume.",
  ],
  [
    131044,
    "CALL_PAYMENT_PROBLEM",
    "pause_connection",
    "Something is wrong with how the account pays for calls.",
    "Settle the payment in Meta's billing hub, then resume.",
  ],
  [131045, "CERTIFICATE_WRONG", "pause_number", "The number's registration is not right.", REGISTER],
  [
    131047,
    "WINDOW_CLOSED",
    "close_window",
    "More than 24 hours have passed since the person's last message.",
    "Send a template.",
  ],
  [
    131048,
    "SPAM_LIMIT",
    "pause_number",
    "People blocked or reported this number, so Meta limits what it may send.",
    "Look at the number's quality and at what was sent; resume after some hours or days.",
  ],
  [
    131049,
    "HELD_FOR_ENGAGEMENT",
    "not_now",
    "Meta chose not to deliver: the person has had enough marketing for now.",
    "Wait a day or more; sending it again at once only fails again.",
  ],
  [
    131050,
    "STOPPED_MARKETING",
    "opted_out",
    "The person has stopped marketing messages of this business.",
    "Send no more marketing; only the person can undo it.",
  ],
  [
    131051,
    "MESSAGE_TYPE_NOT_SUPPORTED",
    "give_up",
    "The API does not know this type of message.",
    "Send another type; a message that came in can be read in WhatsApp only.",
  ],
  [
    131052,
    "MEDIA_DOWNLOAD_FAILED",
    "note",
    "WhatsApp could not fetch the file that the person sent (it may be over 100 MB).",
    NOTHING,
  ],
  [
    131053,
    "MEDIA_UPLOAD_FAILED",
    "give_up",
    "Meta could not take the file: its type, its coding or its link is not right.",
    "Check type and size, and that the link opens without signing in; then send again.",
  ],
  [
    131055,
    "MARKETING_TEMPLATES_ONLY",
    "give_up",
    "Marketing Messages send only templates of marketing.",
    "Send it as an ordinary message.",
  ],
  [
    131056,
    "PAIR_RATE_LIMIT",
    "throttle_pair",
    "Too many messages to this one person in a short time.",
    "Nothing: Wharf waits for this person only.",
  ],
  [
    131057,
    "MAINTENANCE",
    "throttle_number",
    "The number is in maintenance, perhaps while its throughput is raised.",
    WAIT,
    { base_ms: minute_ms, factor: 2, cap_ms: 15 * minute_ms, tries: 8 },
  ],
  [131059, "GROUP_CURSOR_NOT_VALID", "give_up", "The page of the list is no longer there.", "List it again."],
  [
    131060,
    "MESSAGE_NOT_AVAILABLE",
    "note",
    "The message can be seen in the WhatsApp Business app only.",
    "Open it on the phone.",
  ],
  [
    131062,
    "USER_ID_NOT_SUPPORTED",
    "give_up",
    "A template of authentication needs a phone number; a user id is not enough.",
    "Ask for the number.",
  ],
  [
    131063,
    "MARKETING_NOT_BY_CLOUD_API",
    "ask",
    "This account sends marketing by Marketing Messages only.",
    "Switch Marketing Messages on for the account, or send a utility template.",
  ],
  [
    131064,
    "CLASSIFICATION_LIMIT",
    "pause_connection",
    "Meta limits the account for templates of the wrong category.",
    MANAGER,
  ],
];

const GROUPS: readonly Row[] = [
  [131201, "GROUP_PARTIAL", "give_up", "Only some of the members could be changed.", GROUP],
  [131202, "GROUP_DUPLICATE_MEMBER", "give_up", "A member is named twice.", GROUP],
  [131204, "GROUP_OVER_LIMIT", "give_up", "The group would have more members than it may.", GROUP],
  [131207, "GROUP_SUSPENDED", "give_up", "The group is suspended.", GROUP],
  [131208, "GROUP_RATE_LIMIT", "throttle_number", "Too many calls for groups.", WAIT],
  [131209, "GROUP_PICTURE_NOT_VALID", "give_up", "The group's picture is not valid.", GROUP],
  [131210, "GROUP_PICTURE_FAILED", "give_up", "The group's picture could not be set.", GROUP],
  [131211, "GROUP_LIMIT", "give_up", "The number has as many groups as it may.", GROUP],
  [131212, "NOT_IN_GROUP", "give_up", "The person or the number is not in the group.", GROUP],
  [131213, "NO_JOIN_REQUEST", "give_up", "There is no such request to join.", GROUP],
  [131214, "GROUP_CREATION_DISABLED", "give_up", "This number may not create groups.", GROUP],
  [131215, "GROUPS_NOT_ELIGIBLE", "give_up", "This number may not use groups.", GROUP],
];

const TEMPLATES: readonly Row[] = [
  [
    132000,
    "TEMPLATE_PARAMETER_COUNT",
    "give_up",
    "The template needs another number of parameters.",
    PARAMETERS,
  ],
  [
    132001,
    "TEMPLATE_MISSING",
    "fix_template",
    "There is no approved template of this name in this language.",
    TEMPLATE,
  ],
  [132005, "TEMPLATE_TEXT_TOO_LONG", "give_up", "With its parameters the text is too long.", PARAMETERS],
  [
    132007,
    "TEMPLATE_CHARACTER_POLICY",
    "fix_template",
    "The template breaks WhatsApp's rules on content.",
    TEMPLATE,
  ],
  [132008, "TEMPLATE_PARAMETER_VALUE", "give_up", "A parameter's value is not valid.", PARAMETERS],
  [132012, "TEMPLATE_PARAMETER_FORMAT", "give_up", "A parameter is of the wrong format.", PARAMETERS],
  [
    132015,
    "TEMPLATE_PAUSED",
    "fix_template",
    "The template is paused for low quality.",
    "Improve it, or wait until Meta ends the pause.",
  ],
  [
    132016,
    "TEMPLATE_DISABLED",
    "fix_template",
    "The template was paused too often and is disabled for ever.",
    "Make a new template with other content.",
  ],
  [132018, "TEMPLATE_PARAMETER_PROBLEM", "give_up", "Something is wrong with the parameters.", PARAMETERS],
  [
    132068,
    "FLOW_BLOCKED",
    "fix_template",
    "The flow is blocked.",
    "Correct the flow in WhatsApp Manager, then send again.",
  ],
  [
    132069,
    "FLOW_THROTTLED",
    "retry",
    "The flow was sent ten times within the hour, all that it may.",
    WAIT,
    every(hour_ms, 3),
  ],
  [
    2388019,
    "TEMPLATE_LIMIT",
    "give_up",
    "The account has as many templates as it may.",
    "Delete templates that are no longer used.",
  ],
  [
    2388023,
    "TEMPLATE_LANGUAGE_DELETED",
    "give_up",
    "This name is being deleted in this language; it is free again after four weeks.",
    "Use another name.",
  ],
  [
    { code: 100, subcode: 2_388_024 },
    "TEMPLATE_LANGUAGE_EXISTS",
    "give_up",
    "There is a template of this name in this language already.",
    "Use another name, or edit that template.",
  ],
  [2388040, "TEMPLATE_FIELD_TOO_LONG", "give_up", "A field is longer than it may be.", TEMPLATE],
  [
    { code: 100, subcode: 2_388_043 },
    "TEMPLATE_PART_MISSING",
    "give_up",
    "A part of the template is missing or not right.",
    TEMPLATE,
  ],
  [2388047, "TEMPLATE_HEADER_FORMAT", "give_up", "The header's format is not right.", TEMPLATE],
  [2388072, "TEMPLATE_BODY_FORMAT", "give_up", "The body's format is not right.", TEMPLATE],
  [2388073, "TEMPLATE_FOOTER_FORMAT", "give_up", "The footer's format is not right.", TEMPLATE],
  [
    { code: 100, subcode: 2_388_273 },
    "TEMPLATE_SAMPLE_MISSING",
    "give_up",
    "The header's sample file is missing.",
    TEMPLATE,
  ],
  [
    2388293,
    "TEMPLATE_TOO_MANY_PARAMETERS",
    "give_up",
    "The text is too short for so many parameters.",
    TEMPLATE,
  ],
  [
    2388299,
    "TEMPLATE_PARAMETER_AT_EDGE",
    "give_up",
    "The text must not begin or end with a parameter.",
    TEMPLATE,
  ],
  [
    [200005, 200007],
    "TEMPLATE_INSIGHTS",
    "give_up",
    "Template insights are not available, or can't be switched off again.",
    "Confirm template insights in WhatsApp Manager.",
  ],
];

const NUMBERS: readonly Row[] = [
  [133000, "DEREGISTRATION_INCOMPLETE", "pause_number", "An earlier deregistration did not end.", REGISTER],
  [133004, "REGISTRATION_SERVER_DOWN", "retry", "Meta's server is not available for now.", WAIT],
  [
    133005,
    "PIN_WRONG",
    "pause_number",
    "The two-step PIN is wrong.",
    "Set a new PIN in WhatsApp Manager, then register the number.",
  ],
  [133006, "REVERIFICATION_NEEDED", "pause_number", "The number must be verified again.", REGISTER],
  [
    133008,
    "PIN_TOO_MANY_GUESSES",
    "pause_number",
    "The PIN was wrong too often.",
    "Wait as long as Meta's details say.",
  ],
  [
    133009,
    "PIN_TOO_FAST",
    "pause_number",
    "The PIN was entered too quickly again.",
    "Wait as long as Meta's details say.",
  ],
  [133010, "NUMBER_NOT_REGISTERED", "pause_number", "The number is not registered.", REGISTER],
  [
    133015,
    "NUMBER_JUST_DELETED",
    "retry",
    "The number was deleted a moment ago; it can be registered again soon.",
    WAIT,
    every(5 * minute_ms, 3),
  ],
  [
    133016,
    "REGISTRATION_LIMIT",
    "not_now",
    "The number was registered or deregistered ten times within 72 hours, all that it may.",
    "Wait 72 hours.",
    every(72 * hour_ms, 1),
  ],
  [
    134011,
    "PAYMENTS_TERMS",
    "pause_connection",
    "The terms of WhatsApp Payments are not accepted.",
    "Accept them in WhatsApp Manager.",
  ],
  [
    134100,
    "MARKETING_ONLY",
    "give_up",
    "Marketing Messages send only templates of marketing.",
    "Send it as an ordinary message.",
  ],
  [
    134101,
    "TEMPLATE_SYNCING",
    "retry",
    "The template is being made ready for Marketing Messages.",
    WAIT,
    every(10 * minute_ms, 3),
  ],
  [
    134102,
    "TEMPLATE_NOT_AVAILABLE",
    "fix_template",
    "The template can't be used for Marketing Messages.",
    TEMPLATE,
  ],
  [
    135000,
    "GENERIC_USER_ERROR",
    "give_up",
    "Something is wrong with the request; Meta does not say what.",
    DETAILS,
  ],
  [
    137000,
    "IDENTITY_KEY_MISMATCH",
    "ask",
    "The person's WhatsApp has another identity key than was expected: perhaps another phone.",
    "Make sure that it is still the same person, then send again.",
  ],
  [
    2388001,
    "NUMBER_MIGRATION",
    "pause_number",
    "The number can't be moved to another account as it is.",
    REGISTER,
  ],
  [
    2388012,
    "NUMBER_IN_USE",
    "pause_number",
    "The number is already in an account.",
    "Remove it there first.",
  ],
  [2388091, "NUMBER_NOT_VERIFIED", "pause_number", "The number must be verified first.", REGISTER],
  [
    2388093,
    "PIN_NEEDED",
    "pause_number",
    "The number's two-step verification is in the way.",
    "Switch it off in WhatsApp Manager, then try again.",
  ],
  [
    2388103,
    "NUMBER_NOT_MOVABLE",
    "pause_number",
    "The account that has the number does not let it go.",
    MANAGER,
  ],
  [
    2494100,
    "NUMBER_IN_MAINTENANCE",
    "retry",
    "The number is in maintenance.",
    WAIT,
    { base_ms: minute_ms, factor: 2, cap_ms: 15 * minute_ms, tries: 8 },
  ],
  [
    2593079,
    "ON_BEHALF_MODEL_OVER",
    "give_up",
    "Accounts on behalf of others are no longer made this way.",
    "Share the account with the partner instead.",
  ],
  [
    2593085,
    "ON_BEHALF_NOT_ALLOWED",
    "give_up",
    "The account is owned on behalf of another business.",
    "Share the account with the partner instead.",
  ],
  [
    2593107,
    "SYNC_LIMIT",
    "give_up",
    "The phone's contacts and history were synchronised as often as they may be.",
    "Connect the number anew.",
  ],
  [
    2593108,
    "SYNC_WINDOW_OVER",
    "give_up",
    "The day in which contacts and history can be synchronised is over.",
    "Connect the number anew.",
  ],
  [
    2593109,
    "HISTORY_DECLINED",
    "note",
    "The phone's owner does not share the history.",
    "Nothing; it can be allowed when the number is connected anew.",
  ],
  [
    1752041,
    "ONBOARDING_DUPLICATE",
    "give_up",
    "The same onboarding was asked for twice.",
    "Nothing, if the first one went through.",
  ],
];

const OTHERS: readonly Row[] = [
  [138000, "CALLING_NOT_ENABLED", "give_up", "Calling is not enabled for this number.", CALL],
  [138001, "CALL_UNREACHABLE", "give_up", "The person can't be called.", CALL],
  [138002, "CALL_CONCURRENCY", "give_up", "As many calls are under way as there may be.", CALL],
  [138003, "CALL_DUPLICATE", "give_up", "There is such a call already.", CALL],
  [138004, "CALL_CONNECTION", "give_up", "The call could not be connected.", CALL],
  [138005, "CALL_RATE_LIMIT_REACHED", "throttle_number", "Too many calls in a short time.", WAIT],
  [138006, "CALL_NOT_PERMITTED", "give_up", "The person has not allowed calls.", CALL],
  [138007, "CALL_TIMEOUT", "give_up", "The call could not be connected in time.", CALL],
  [138009, "CALL_PERMISSION_LIMIT", "give_up", "The person was asked for permission often enough.", CALL],
  [138012, "CALL_LIMIT", "give_up", "The person was called as often as may be for now.", CALL],
  [
    138013,
    "CALL_PERMISSION_QUESTIONS",
    "throttle_app",
    "The permission to call was asked for too often (the older form of 613).",
    WAIT,
  ],
  [138018, "CALLING_CANT_BE_ENABLED", "give_up", "Calling can't be enabled for this number.", CALL],
  [
    139000,
    "FLOW_INTEGRITY",
    "ask",
    "Meta's integrity checks stop the flow.",
    "See the account's quality page in WhatsApp Manager.",
  ],
  [139001, "FLOW_NOT_UPDATED", "give_up", "The flow could not be changed.", DETAILS],
  [139002, "FLOW_NOT_PUBLISHED", "give_up", "The flow could not be published.", DETAILS],
  [139003, "FLOW_NOT_DEPRECATED", "give_up", "The flow could not be deprecated.", DETAILS],
  [139004, "FLOW_NOT_DELETED", "give_up", "The flow could not be deleted.", DETAILS],
  [139100, "BLOCK_FAILED", "give_up", "Some people could not be blocked.", DETAILS],
  [
    139101,
    "BLOCK_LIST_FULL",
    "give_up",
    "The block list is full.",
    "Unblock people who need no longer be blocked.",
  ],
  [139102, "BLOCK_LIST_BUSY", "give_up", "The block list was being changed by another.", "Try again."],
  [139103, "BLOCK_INTERNAL", "give_up", "Meta failed while the block list was changed.", "Try again."],
  [
    [147001, 147005],
    "USERNAME_ERROR",
    "give_up",
    "Something is wrong with the business username.",
    "Read Meta's details and choose a username in WhatsApp Manager.",
  ],
];

const SIGN_UPS: readonly Row[] = [
  [2494164, "SIGN_UP_MISSING", "give_up", "There is no such sign-up in WhatsApp.", DETAILS],
  [
    2494165,
    "SIGN_UP_NOT_ENABLED",
    "ask",
    "Sign-ups in WhatsApp are not enabled for this account.",
    "Ask Meta's support to enable them for the account.",
  ],
  [
    2494166,
    "SIGN_UP_PLACEHOLDER_UNKNOWN",
    "give_up",
    "The confirmation message has a placeholder that Meta does not know.",
    DETAILS,
  ],
  [
    2494167,
    "SIGN_UP_PLACEHOLDER_EMPTY",
    "give_up",
    "The confirmation message needs a promotion code, and none was given.",
    DETAILS,
  ],
  [
    2494168,
    "SIGN_UP_TERMS",
    "ask",
    "The terms for sign-ups in WhatsApp are not accepted.",
    "Accept them in the request that makes the sign-up.",
  ],
  [
    2494176,
    "SIGN_UP_TERMS_TWICE",
    "give_up",
    "The terms for sign-ups were accepted before.",
    "Leave the policy out of the request.",
  ],
  [
    2494177,
    "SIGN_UP_TERMS_URL",
    "give_up",
    "The address of the terms for sign-ups is not the one that Meta approved.",
    "Use the address that Meta's page shows.",
  ],
  [
    2494179,
    "SIGN_UP_WEBSITE",
    "give_up",
    "The website's address does not begin with https.",
    "Give an address that begins with https.",
  ],
];

const lineOf = ([code, symbol, behaviour, says, advice, wait]: Row): CodeLine => ({
  ...(typeof code === "number"
    ? { code }
    : Array.isArray(code)
      ? { code: code[0], last: code[1] }
      : { code: code.code, subcode: code.subcode }),
  symbol,
  behaviour,
  says,
  advice,
  ...(wait === undefined ? {} : { wait }),
});

export const CODE_LINES: readonly CodeLine[] = [
  ...GENERAL,
  ...MESSAGES,
  ...GROUPS,
  ...TEMPLATES,
  ...NUMBERS,
  ...OTHERS,
  ...SIGN_UPS,
].map(lineOf);
