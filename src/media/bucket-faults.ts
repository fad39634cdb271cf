import { tableOf } from "../base/base.ts";
import type { BucketSettings } from "./bucket-settings.ts";
import { missing, StoreError } from "./store-error.ts";

export type Operation = "put" | "get" | "delete" | "list";
type Fault = keyof typeof faults;

/** What can be wrong with a bucket: a sentence for everybody, and one for who runs Wharf. */
const faults = {
  no_bucket: {
    says: "The bucket that files are stored in does not exist.",
    advice: ({ bucket, endpoint }: BucketSettings) =>
      `there is no bucket ${bucket} at ${at(endpoint)}; make it, or correct WHARF_MEDIA_BUCKET.`,
  },
  no_key: {
    says: "Wharf has no key to the bucket that files are stored in.",
    advice: () =>
      "there is no access key: set WHARF_MEDIA_ACCESS_KEY_ID and WHARF_MEDIA_SECRET_ACCESS_KEY, or give this machine a role.",
  },
  wrong_key: {
    says: "The bucket that files are stored in refuses Wharf's key.",
    advice: ({ endpoint }: BucketSettings) =>
      `${at(endpoint)} refuses the access key or its secret; correct WHARF_MEDIA_ACCESS_KEY_ID and WHARF_MEDIA_SECRET_ACCESS_KEY.`,
  },
  wrong_region: {
    says: "The bucket that files are stored in is in another region than Wharf was told.",
    advice: ({ bucket, region }: BucketSettings, told: { region: string | null }) =>
      `the bucket ${bucket} is not in ${region}; set WHARF_MEDIA_REGION to ${told.region ?? "its region"}.`,
  },
  no_permission: {
    says: "The bucket that files are stored in does not let Wharf do this.",
    advice: ({ bucket }: BucketSettings, told: { operation: Operation }) =>
      `the access key lacks a permission for ${bucket}: ${{ put: "s3:PutObject", get: "s3:GetObject", delete: "s3:DeleteObject", list: "s3:ListBucket" }[told.operation]}.`,
  },
  wrong_clock: {
    says: "The clock of Wharf's machine is wrong, so the bucket that files are stored in refuses it.",
    advice: () => "this machine's clock is wrong by more than some minutes; set it by NTP.",
  },
  full: {
    says: "The bucket that files are stored in is full.",
    advice: ({ bucket }: BucketSettings) => `the bucket ${bucket} is full; raise its quota, or free some.`,
  },
  unsafe: {
    says: "The connection to the bucket that files are stored in can't be trusted.",
    advice: ({ endpoint }: BucketSettings, { code }: { code: string }) =>
      `no TLS with ${at(endpoint)} (${code}); correct WHARF_MEDIA_ENDPOINT or its certificate. A certificate of your own is named in NODE_EXTRA_CA_CERTS.`,
  },
  damaged: {
    says: "The file arrived changed at the bucket, which refused it.",
    advice: ({ endpoint }: BucketSettings) =>
      `${at(endpoint)} got other bytes than were sent; is there a proxy that changes them?`,
  },
  busy: {
    says: "The bucket that files are stored in is overloaded just now.",
    advice: ({ endpoint }: BucketSettings, { code }: { code: string }) =>
      `${at(endpoint)} is overloaded (${code}).`,
  },
  away: {
    says: "The bucket that files are stored in does not answer.",
    advice: ({ endpoint }: BucketSettings, { code }: { code: string }) =>
      `${at(endpoint)} does not answer (${code}); check the network and WHARF_MEDIA_ENDPOINT${code === "ENOTFOUND" ? ", or set WHARF_MEDIA_PATH_STYLE to yes" : ""}.`,
  },
  other: {
    says: "The bucket that files are stored in answered something unexpected.",
    advice: ({ endpoint }: BucketSettings, { code }: { code: string }) =>
      `${at(endpoint)} answered ${code}; is it an S3 store?`,
  },
};
const PASSING: ReadonlySet<Fault> = new Set(["damaged", "busy", "away"]);

const at = (endpoint: string | null) => endpoint ?? "Amazon S3";

/** By S3's codes, some of other makers, Node's, and the SDK's own. */
const faultOfCode = tableOf<Fault>({
  NoSuchBucket: "no_bucket",
  InvalidBucketName: "no_bucket",
  CredentialsProviderError: "no_key",
  InvalidAccessKeyId: "wrong_key",
  SignatureDoesNotMatch: "wrong_key",
  InvalidToken: "wrong_key",
  ExpiredToken: "wrong_key",
  AuthorizationHeaderMalformed: "wrong_key",
  PermanentRedirect: "wrong_region",
  TemporaryRedirect: "wrong_region",
  IllegalLocationConstraintException: "wrong_region",
  AccessDenied: "no_permission",
  AllAccessDisabled: "no_permission",
  RequestTimeTooSkewed: "wrong_clock",
  QuotaExceeded: "full",
  XMinioStorageFull: "full",
  BadDigest: "damaged",
  IncompleteBody: "damaged",
  InvalidDigest: "damaged",
  XAmzContentSHA256Mismatch: "damaged",
  XAmzContentChecksumMismatch: "damaged",
  InternalError: "busy",
  OperationAborted: "busy",
  RequestTimeout: "busy",
  ServiceUnavailable: "busy",
  SlowDown: "busy",
  EAI_AGAIN: "away",
  ECONNABORTED: "away",
  ECONNREFUSED: "away",
  ECONNRESET: "away",
  EHOSTUNREACH: "away",
  ENETUNREACH: "away",
  ENOTFOUND: "away",
  EPIPE: "away",
  ETIMEDOUT: "away",
  TimeoutError: "away",
});

/** What the SDK threw, as a StoreError. Its own error goes no further: it may quote the request with its signature. */
export function explainBucket(thrown: unknown, operation: Operation, settings: BucketSettings): StoreError {
  const error = thrown as {
    name?: string;
    code?: string;
    Region?: string;
    $metadata?: { httpStatusCode?: number };
    $response?: { headers?: Record<string, string> };
  };
  const status = error.$metadata?.httpStatusCode ?? 0;
  const code = error.code ?? error.name ?? "an error";
  if (code === "NoSuchKey" && operation === "get")
    return missing(`an object is gone from the bucket ${settings.bucket}; put it back from your backup.`);
  const region = error.Region ?? error.$response?.headers?.["x-amz-bucket-region"] ?? null;
  const fault = faultOf(code, status, region);
  const { says, advice } = faults[fault];
  return new StoreError(says, {
    fault,
    advice: advice(settings, { operation, region, code: status === 0 ? code : `${code}, HTTP ${status}` }),
    passing: PASSING.has(fault),
  });
}

function faultOf(code: string, status: number, region: string | null): Fault {
  if (code === "AuthorizationHeaderMalformed" && region !== null) return "wrong_region";
  const known = faultOfCode[code];
  if (known) return known;
  if (/CERT|SELF_SIGNED|UNABLE_TO_|EPROTO|ERR_SSL|ERR_TLS/.test(code)) return "unsafe";
  if (status === 301 || status === 307) return "wrong_region";
  if (status === 401 || status === 403) return "no_permission";
  if (status === 507) return "full";
  return status === 429 || status >= 500 ? "busy" : "other";
}
