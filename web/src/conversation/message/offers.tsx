import {
  IconArrowBackUp,
  IconExternalLink,
  IconForms,
  IconList,
  IconMapPin,
  IconPhone,
  IconPhoneCheck,
  IconShoppingCart,
  IconUserShare,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Offer } from "../model/offers.ts";
import classes from "./offers.module.css";

const ICONS: Partial<Record<Offer["kind"], TablerIcon>> = {
  button: IconArrowBackUp,
  button_reply: IconArrowBackUp,
  list: IconList,
  url: IconExternalLink,
  phone: IconPhone,
  flow: IconForms,
  location: IconMapPin,
  contact: IconUserShare,
  order: IconShoppingCart,
  call_permission: IconPhoneCheck,
};

/** What there is to tap on below a message: told where we look at what we sent, tappable on the customer's phone. */
export function Offers({ offers, onTap }: { offers: Offer[]; onTap?: ((offer: Offer) => void) | undefined }) {
  if (offers.length === 0) return null;
  return (
    <ul className={classes["offers"]} data-tappable={onTap !== undefined || undefined}>
      {offers.flatMap((offer, index) => {
        // Two may have the same title, and they never move.
        const key = `${index} ${offer.title}`;
        // No one opens a list of ours in the Inbox: its rows are what was offered.
        if (offer.kind === "list" && !onTap)
          return offer.sections
            .flatMap(({ rows }) => rows)
            .map((row) => (
              <li key={`${key} ${row.id}`} title={row.description ?? undefined}>
                <span>{row.title}</span>
              </li>
            ));
        return (
          <li key={key}>
            <One offer={offer} onTap={onTap} />
          </li>
        );
      })}
    </ul>
  );
}

function One({ offer, onTap }: { offer: Offer; onTap: ((offer: Offer) => void) | undefined }) {
  const Icon = ICONS[offer.kind];
  const words = (
    <>
      {Icon && <Icon size={16} stroke={1.8} aria-hidden />}
      {offer.title}
    </>
  );
  if (offer.kind === "url") {
    return (
      <a href={offer.url} target="_blank" rel="noopener noreferrer nofollow">
        {words}
      </a>
    );
  }
  if (offer.kind === "phone") return <a href={`tel:${offer.phone}`}>{words}</a>;
  if (!onTap || offer.kind === "other") return <span>{words}</span>;
  return (
    <button type="button" onClick={() => onTap(offer)}>
      {words}
    </button>
  );
}
