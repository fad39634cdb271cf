import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  IconBook,
  IconChevronRight,
  IconClockPause,
  IconCoin,
  IconHistory,
  IconListDetails,
  IconMessageCheck,
  IconKey,
  IconShieldCheck,
  IconUsers,
  IconWebhook,
} from "@tabler/icons-react";
import { meQuery } from "../../lib/server/queries.ts";
import { manages } from "../../lib/server/setup.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Page } from "../../ui/page.tsx";
import { AboutSection } from "./about-section.tsx";
import { ApprovalSwitch } from "./approval-switch.tsx";
import { ConnectionSection } from "./connection-section.tsx";
import { NoticesSection } from "./notices-section.tsx";
import { PasswordSection } from "./password-section.tsx";
import { ProfileSection } from "./profile-section.tsx";
import { Section } from "./section.tsx";
import { SessionsSection } from "./sessions-section.tsx";
import classes from "./settings.module.css";
import { INTEGRATIONS, MARKETING, PEOPLE, SETTINGS } from "./texts.ts";
import { WorkspaceSection } from "./workspace-section.tsx";

/** All that can be set in the page, and how the rest is set. */
export function SettingsPage() {
  useTitle(SETTINGS.title);
  const { data: me } = useSuspenseQuery(meQuery);
  const owner = manages(me);
  return (
    <Page title={SETTINGS.title}>
      <div className={classes["sections"]}>
        <WorkspaceSection me={me} owner={owner} />
        {me.user && <ProfileSection key={me.user.email + me.user.name} user={me.user} />}
        {me.user && <PasswordSection email={me.user.email} />}
        {me.user && <NoticesSection email={me.user.email} />}
        {me.user && <SessionsSection />}
        {me.permissions.people !== "none" && (
          <Section id="people" title={PEOPLE.title} lead={PEOPLE.lead}>
            <nav className={classes["links"]} aria-label={PEOPLE.title}>
              <Way to="/settings/people" icon={IconUsers} text={PEOPLE.members_text}>
                {PEOPLE.members}
              </Way>
              <Way to="/settings/roles" icon={IconShieldCheck} text={PEOPLE.roles_text}>
                {PEOPLE.roles}
              </Way>
              {manages(me, "people") && (
                <Way to="/settings/audit" icon={IconListDetails} text={PEOPLE.audit_text}>
                  {PEOPLE.audit}
                </Way>
              )}
            </nav>
          </Section>
        )}
        <Section id="integrations" title={INTEGRATIONS.title} lead={INTEGRATIONS.lead}>
          <nav className={classes["links"]} aria-label={INTEGRATIONS.title}>
            <Way to="/settings/webhooks" icon={IconWebhook} text={INTEGRATIONS.webhooks_text}>
              {INTEGRATIONS.webhooks}
            </Way>
            {me.permissions.people !== "none" && (
              <Way to="/settings/api-keys" icon={IconKey} text={INTEGRATIONS.keys_text}>
                {INTEGRATIONS.keys}
              </Way>
            )}
            <Way to="/docs" icon={IconBook} text={INTEGRATIONS.docs_text}>
              {INTEGRATIONS.docs}
            </Way>
          </nav>
        </Section>
        <Section id="marketing" title={MARKETING.title} lead={MARKETING.lead}>
          <nav className={classes["links"]} aria-label={MARKETING.title}>
            <Way to="/contacts/limits" icon={IconClockPause} text={MARKETING.limits_text}>
              {MARKETING.limits}
            </Way>
            <Way to="/contacts/words" icon={IconMessageCheck} text={MARKETING.words_text}>
              {MARKETING.words}
            </Way>
            <Way to="/contacts/consent" icon={IconHistory} text={MARKETING.consent_text}>
              {MARKETING.consent}
            </Way>
            <Way to="/settings/prices" icon={IconCoin} text={MARKETING.prices_text}>
              {MARKETING.prices}
            </Way>
          </nav>
          <ApprovalSwitch owner={owner} />
        </Section>
        {me.permissions.connections !== "none" && <ConnectionSection mode={me.mode} />}
        <AboutSection />
      </div>
    </Page>
  );
}

function Way({
  to,
  icon: Icon,
  text,
  children,
}: {
  to:
    | "/settings/webhooks"
    | "/settings/api-keys"
    | "/settings/prices"
    | "/settings/people"
    | "/settings/roles"
    | "/settings/audit"
    | "/contacts/limits"
    | "/contacts/words"
    | "/contacts/consent"
    | "/docs";
  icon: typeof IconKey;
  text: string;
  children: string;
}) {
  return (
    <Link to={to}>
      <Icon size={20} stroke={1.7} aria-hidden />
      <span>
        <b>{children}</b>
        <small>{text}</small>
      </span>
      <IconChevronRight size={17} aria-hidden />
    </Link>
  );
}
