import { createHash } from "node:crypto";
import type { SecretBox } from "../base/base.ts";
import type { Config } from "../config.ts";
import type { EnvironmentConnection } from "../connections/connections.ts";

/** In the sandbox the simulator signs with a secret that follows from the master key, so that nothing needs to be typed. */
export function environmentConnection(config: Config, box: SecretBox): EnvironmentConnection {
  if (config.mode !== "sandbox") return config.meta;
  const secret = (name: string) =>
    createHash("sha256")
      .update(box.derive(Buffer.alloc(0), `sandbox ${name}`))
      .digest("hex");
  return {
    app_secret: secret("app secret"),
    verify_token: config.meta.verify_token ?? secret("verify token"),
    access_token: secret("access token"),
    graph_url: null,
  };
}
