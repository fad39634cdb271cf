/** A template as the stand-in keeps and lists it. */
export interface StandInTemplate {
  id: string;
  waba_id: string;
  name: string;
  language: string;
  status: string;
  category: string;
  parameter_format: "POSITIONAL" | "NAMED";
  components: {
    type: string;
    format?: string | undefined;
    text?: string | undefined;
    [part: string]: unknown;
  }[];
  rejected_reason: string;
  message_send_ttl_seconds?: number | undefined;
}
