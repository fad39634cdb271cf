/**
 * Words by which people stop and start marketing. A message counts only as a whole ("please stop by the shop" does
 * not): trimmed, without case, width, accents of European scripts, punctuation or emoji. Defaults follow what Twilio,
 * Telnyx, AWS and Braze honour, plus the same word in the languages that WhatsApp is used in most.
 *
 * What is tapped was written by the business, so a tap counts only by words that mean nothing else (`readTap`).
 */
interface Words {
  /** Names what is stopped or started (unsubscribe, stop promotions): no ordinary button says it. */
  explicit: readonly string[];
  /** A bare "stop". Tapped, it counts as the payload, or as the title that the payload repeats. */
  bare: readonly string[];
  /** Cancel, end, remove, resume and the like: what businesses put on ordinary buttons. Counts only when typed. */
  typed: readonly string[];
}

const STOP: Words = {
  explicit: listed(
    // English, and what a button of Meta's template editor says
    "stop all, stopall, stop promotions, stop marketing, stop messages, stop offers, stop ads, stop updates",
    "unsubscribe, unsubscribe me, opt out, optout, opt me out",
    // Spanish, Portuguese
    "darme de baja, dar de baja, darse de baja, dame de baja, quiero darme de baja, cancelar suscripción, detener promociones, no más promociones",
    "descadastrar, descadastrar me, cancelar inscrição, parar promoções, interromper promoções",
    // French, German, Italian, Dutch
    "désabonner, se désabonner, me désabonner, désinscription, se désinscrire, arrêter les promotions, stop pub",
    "abbestellen, newsletter abbestellen, werbung abbestellen, keine werbung, werbung stoppen",
    "disiscrivi, disiscriviti, disiscrivimi, interrompi promozioni, stop promozioni, uitschrijven, stop promoties",
    // Turkish, Polish, Russian, Ukrainian
    "abonelikten çık, promosyonları durdur, wypisz, wypisz mnie, отписаться, отписка, відписатися",
    // Arabic, Hebrew, Persian
    "إلغاء الاشتراك, الغاء الاشتراك, إيقاف العروض, לביטול הרשמה, ביטול הרשמה, לغو اشتراک, لغو اشتراک",
    // Indonesian, Malay, Vietnamese, Thai
    "berhenti berlangganan, hentikan promosi, hủy đăng ký, ยกเลิกการสมัคร",
    // Chinese, Japanese, Korean
    "退订, 退訂, 取消订阅, 取消訂閱, 配信停止, 수신거부, 구독 취소",
  ),
  bare: listed(
    "stop, stop please, please stop, detener, parar, pare, arrêt, arrêter, stopper, stopp, dur, durdur, стоп, зупинити",
    "توقف, إيقاف, ايقاف, قف, עצור, توقف کن, रोको, நிறுத்து, berhenti, henti, dừng, ngừng, หยุด, simama",
    "停止, ストップ, 중지",
  ),
  typed: listed(
    "cancel, end, quit, revoke, remove, remove me, baja, cancelar, no más, sair, remover",
    "abmelden, annulla, cancellami, afmelden, iptal, ret, anuluj, отмена",
    "الغاء, إلغاء, הסר, הסרה, لغو, بند کرو, बंद, बंद करो, बंद करें, रुको, বন্ধ, বন্ধ করুন",
    "batal, hủy, ยกเลิก, 取消, 解除, 그만",
  ),
};

const START: Words = {
  explicit: listed(
    "subscribe, subscribe me, resubscribe, opt in, optin, opt me in, unstop, start promotions",
    "darme de alta, suscribir, suscribirme, s abonner, m abonner, abonnieren, iscriviti, iscrivimi, abonneren",
    "abone ol, подписаться, підписатися, berlangganan, đăng ký nhận tin, 订阅, 訂閱, 配信再開, 수신동의",
  ),
  bare: [],
  typed: listed(
    "start, resume, alta, iniciar, começar, inscrever, démarrer, anmelden, starten, aanmelden",
    "başla, başlat, zapisz, старт, почати, ابدأ, ابدا, اشتراك, התחל, شروع, शुरू, शुरू करें, শুরু",
    "mulai, mula, bắt đầu, เริ่ม, 开始, 開始, スタート, 시작",
  ),
};

export const STOP_WORDS = allOf(STOP);
export const START_WORDS = allOf(START);

/** Longer messages are not looked at: no word of a list is that long. */
const LENGTH_LIMIT = 80;

/** What two spellings of the same word have in common; empty when nothing is left, or the text is too long. */
export function foldText(text: string): string {
  const folded = text.length > LENGTH_LIMIT * 2 ? "" : fold(text);
  return folded.length > LENGTH_LIMIT ? "" : folded;
}

function fold(text: string): string {
  return (
    text
      .normalize("NFKD")
      .toLowerCase()
      // Accents of Latin, Greek and Cyrillic, zero-width characters and emoji's variation selectors; not the vowel signs of
      // Indic scripts. Vowels and cantillation of Arabic and Hebrew, which few people type, and the tatweel.
      .replace(/[\u0300-\u036f\ufe00-\ufe0f\p{Cf}]/gu, "")
      .replace(
        /[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670]/gu,
        "",
      )
      .normalize("NFKC")
      .replace(/[\p{P}\p{S}\s]+/gu, " ")
      .trim()
  );
}

export type Statement = "STOP" | "START";

export interface WordLists {
  stop: ReadonlySet<string>;
  start: ReadonlySet<string>;
}

/** Lists ready to match; null means the defaults. */
export function wordLists(stop: readonly string[] | null, start: readonly string[] | null): WordLists {
  return { stop: foldAll(stop ?? STOP_WORDS), start: foldAll(start ?? START_WORDS) };
}

/** What typed texts of one message say; STOP wins where they say both. */
export function readStatement(texts: readonly (string | null)[], lists: WordLists): Statement | null {
  const folded = texts.filter((text) => text !== null).map(foldText);
  if (folded.some((text) => lists.stop.has(text))) return "STOP";
  return folded.some((text) => lists.start.has(text)) ? "START" : null;
}

const TAPPED = { STOP: tappable(STOP), START: tappable(START) };

/**
 * What the tap of a button or a list's row says: by a word that means nothing else, as the payload, or as the title
 * where the payload repeats it. A workspace's own words count as a bare "stop" does, but for those of `typed`.
 */
export function readTap(
  { payload, title }: { payload: string | null; title: string | null },
  lists: WordLists,
): Statement | null {
  // Payloads may be longer than any word, and hold one.
  const [sent, shown] = [fold((payload ?? "").slice(0, 1_000)), foldText(title ?? "")];
  const says = (words: ReadonlySet<string>, { typed, explicit }: (typeof TAPPED)["STOP"]) => {
    const counts = (text: string) => words.has(text) && !typed.has(text);
    return counts(sent) || (counts(shown) && repeats(sent, shown, explicit.has(shown)));
  };
  if (says(lists.stop, TAPPED.STOP)) return "STOP";
  return says(lists.start, TAPPED.START) ? "START" : null;
}

/** After a bare "stop" in a payload: what is stopped is marketing, and no alarm. */
const MARKETING = /^(?:subs?|subscriptions?|promos?|promotions?|marketing|newsletters?|offers?|ads?)$/u;

/** Parts of payloads that say nothing: what kind of thing it is, a yes to it, or anything with a digit. */
const SILENT =
  /^(?:.*\p{N}.*|\p{L}|btn|button|id|opt|option|row|item|reply|choice|qr|yes|y|ok|confirm|confirmed|now|me|all)$/u;

/**
 * Whether a payload says what the title says. An explicit title stands anywhere in it, in its own words, or alone beside
 * an id; a bare one must begin it, with nothing after that could name what else is stopped (`stop_alarm`).
 */
function repeats(payload: string, title: string, explicit: boolean): boolean {
  const [words, wanted] = [payload.split(" ").filter(Boolean), title.split(" ")];
  const silent = (some: readonly string[]) => some.every((word) => SILENT.test(word));
  const begins = (at: number) => wanted.every((word, i) => words[at + i] === word);
  if (!explicit)
    return (
      words.length === 0 ||
      (begins(0) && silent(words.slice(wanted.length).filter((word) => !MARKETING.test(word))))
    );
  const joined = words.indexOf(wanted.join(""));
  return silent(words) || joined >= 0 || words.some((_, at) => begins(at));
}

function tappable({ explicit, typed }: Words) {
  return { explicit: foldAll(explicit), typed: foldAll(typed) };
}

function allOf({ explicit, bare, typed }: Words): readonly string[] {
  return [...explicit, ...bare, ...typed];
}

function foldAll(words: readonly string[]): Set<string> {
  const folded = new Set(words.map(foldText));
  folded.delete("");
  return folded;
}

function listed(...lines: string[]): readonly string[] {
  return lines.flatMap((line) => line.split(", "));
}
