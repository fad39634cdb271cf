import { useQuery } from "@tanstack/react-query";
import { listedParts } from "../../../conversation/template/listed-parts.ts";
import { PhonePreview } from "../../../conversation/template/phone-preview.tsx";
import { templatesQuery } from "../../../lib/server/queries.ts";
import { Card } from "../../../ui/page.tsx";
import { Tag } from "../../../ui/tag.tsx";
import common from "../../../ui/form-blocks.module.css";
import type { Review } from "../model/model.ts";
import { REVIEW } from "../wizard-texts.ts";
import classes from "./review.module.css";

const TONES = { complete: "good", missing: "warn", suppressed: "bad" } as const;

/** What real people would get: one with everything, one with something missing, and one who gets nothing. */
export function Previews({ previews }: { previews: Review["previews"] }) {
  const { data: templates } = useQuery(templatesQuery);
  return (
    <Card className={common["block"]}>
      <h2>{REVIEW.previews}</h2>
      {previews.length === 0 && <p className={common["hint"]}>{REVIEW.no_previews}</p>}
      <div className={classes["previews"]}>
        {previews.map(({ kind, contact, says, template_id, values }) => {
          const template = templates?.data.find(({ id }) => id === template_id);
          return (
            <section key={kind} aria-label={REVIEW.preview_kinds[kind]}>
              <div className={classes["person"]}>
                <Tag tone={TONES[kind]}>{REVIEW.preview_kinds[kind]}</Tag>
                {contact && (
                  <span>
                    <b dir="auto">{contact.display_name}</b>
                    <small>{contact.phone}</small>
                  </span>
                )}
                <p dir="auto">{says}</p>
              </div>
              {template && kind !== "suppressed" && (
                <PhonePreview
                  components={listedParts(template.components)}
                  values={values}
                  examples={kind !== "missing"}
                  label={REVIEW.preview_of(contact?.display_name ?? REVIEW.preview_kinds[kind])}
                />
              )}
            </section>
          );
        })}
      </div>
    </Card>
  );
}
