/**
 * Words by which people stop and start marketing. A message counts only as a whole ("please stop by the shop" does
 * not): trimmed, without case, width, accents of European scripts, punctuation or emoji. Defaults follow what Twilio,
 * Telnyx, AWS and Braze honour, plus the same word in the languages that WhatsApp is used in most.
 */
export const STOP_WORDS = listed(
  // English, and what a button of Meta's template editor says
  "stop, stop all, stopall, stop promotions, stop marketing, stop messages, stop please",
  "unsubscribe, unsubscribe me, cancel, end, quit, revoke, opt out, optout, remove, remove me",
  // Spanish, Portuguese
  "baja, darme de baja, dar de baja, detener, parar, cancelar, cancelar suscripción, no más",
  "pare, sair, descadastrar, remover, cancelar inscrição, parar promoções, detener promociones",
  // French, German, Italian, Dutch
  "arrêt, arrêter, désabonner, se désabonner, désinscription, stopper, abmelden, abbestellen",
  "stopp, keine werbung, disiscrivi, disiscriviti, annulla, cancellami, afmelden, uitschrijven",
  // Turkish, Polish, Russian, Ukrainian
  "dur, durdur, iptal, ret, wypisz, anuluj, стоп, отписаться, отписка, отмена, зупинити",
  // Arabic, Hebrew, Persian, Urdu
  "توقف, إيقاف, ايقاف, الغاء, إلغاء, إلغاء الاشتراك, قف, עצור, הסר, הסרה, لغو, توقف کن, بند کرو",
  // Hindi, Bengali, Tamil
  "बंद, बंद करो, बंद करें, रोको, रुको, বন্ধ, বন্ধ করুন, நிறுத்து",
  // Indonesian, Malay, Vietnamese, Thai, Swahili
  "berhenti, batal, henti, dừng, hủy, ngừng, หยุด, ยกเลิก, simama",
  // Chinese, Japanese, Korean
  "停止, 退订, 退訂, 取消, 取消订阅, 取消訂閱, 配信停止, 解除, ストップ, 수신거부, 중지, 그만",
);

export const START_WORDS = listed(
  "start, unstop, subscribe, resubscribe, opt in, optin, resume, start promotions",
  "alta, darme de alta, iniciar, suscribir, suscribirme, começar, inscrever",
  "démarrer, s abonner, anmelden, abonnieren, starten, iscriviti, aanmelden",
  "başla, başlat, zapisz, старт, подписаться, почати",
  "ابدأ, ابدا, اشتراك, התחל, شروع, शुरू, शुरू करें, শুরু, mulai, mula, bắt đầu, เริ่ม",
  "开始, 開始, 订阅, 訂閱, スタート, 配信再開, 시작, 수신동의",
);

/** Longer messages are not looked at: no word of a list is that long. */
const LENGTH_LIMIT = 80;

/** What two spellings of the same word have in common; empty when nothing is left, or the text is too long. */
export function foldText(text: string): string {
  if (text.length > LENGTH_LIMIT * 2) return "";
  const folded = text
    .normalize("NFKD")
    .toLowerCase()
    // Accents of Latin, Greek and Cyrillic, zero-width characters and emoji's variation selectors; not the vowel signs of Indic scripts.
    .replace(/[\u0300-\u036f\ufe00-\ufe0f\p{Cf}]/gu, "")
    .normalize("NFKC")
    .replace(/[\p{P}\p{S}\s]+/gu, " ")
    .trim();
  return folded.length > LENGTH_LIMIT ? "" : folded;
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

/** What the texts of one message say; STOP wins where they say both. */
export function readStatement(texts: readonly (string | null)[], lists: WordLists): Statement | null {
  const folded = texts.filter((text) => text !== null).map(foldText);
  if (folded.some((text) => lists.stop.has(text))) return "STOP";
  return folded.some((text) => lists.start.has(text)) ? "START" : null;
}

function foldAll(words: readonly string[]): Set<string> {
  const folded = new Set(words.map(foldText));
  folded.delete("");
  return folded;
}

function listed(...lines: string[]): readonly string[] {
  return lines.flatMap((line) => line.split(", "));
}
