/** better-auth's names for things → our tables and columns (migrations/0008_people.sql). */
const times = { createdAt: "created_at", updatedAt: "updated_at" };

export const tables = {
  user: { modelName: "users", fields: { emailVerified: "email_verified", ...times } },
  account: {
    modelName: "user_accounts",
    fields: {
      userId: "user_id",
      accountId: "account_id",
      providerId: "provider_id",
      accessToken: "access_token",
      refreshToken: "refresh_token",
      idToken: "id_token",
      accessTokenExpiresAt: "access_token_expires_at",
      refreshTokenExpiresAt: "refresh_token_expires_at",
      ...times,
    },
  },
  session: {
    modelName: "sessions",
    fields: {
      userId: "user_id",
      expiresAt: "expires_at",
      ipAddress: "ip_address",
      userAgent: "user_agent",
      ...times,
    },
  },
  verification: { modelName: "verifications", fields: { expiresAt: "expires_at", ...times } },
  rate_limit: { modelName: "rate_limits", fields: { lastRequest: "last_request" } },
  organization: {
    organization: { modelName: "workspaces", fields: { createdAt: "created_at" } },
    member: {
      modelName: "members",
      fields: { organizationId: "workspace_id", userId: "user_id", createdAt: "created_at" },
    },
    invitation: {
      modelName: "invitations",
      fields: {
        organizationId: "workspace_id",
        inviterId: "inviter_id",
        expiresAt: "expires_at",
        createdAt: "created_at",
      },
    },
    session: { fields: { activeOrganizationId: "active_workspace_id" } },
  },
  api_key: {
    apikey: {
      modelName: "api_keys",
      fields: {
        configId: "config_id",
        referenceId: "workspace_id",
        key: "key_hash",
        expiresAt: "expires_at",
        lastRequest: "last_request_at",
        rateLimitEnabled: "rate_limit_enabled",
        rateLimitTimeWindow: "rate_limit_time_window",
        rateLimitMax: "rate_limit_max",
        requestCount: "request_count",
        refillInterval: "refill_interval",
        refillAmount: "refill_amount",
        lastRefillAt: "last_refill_at",
        ...times,
      },
    },
  },
};
