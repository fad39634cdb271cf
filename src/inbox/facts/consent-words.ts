import { tableOf } from "../../base/base.ts";

/**
 * The words of the product by language, as ISO 639-1 names it: what Twilio, Telnyx, AWS and Braze honour, what a button of
 * Meta's template editor says, and the same words in the languages that WhatsApp is used in most. A word that several
 * languages share stands in each of them.
 */
export interface LanguageWords {
  stop: Words;
  start: Words;
  /** The answer to the question of a double opt-in. */
  confirm: readonly string[];
}

export interface Words {
  /** Names what is stopped or started (unsubscribe, stop promotions): no ordinary button says it. */
  explicit: readonly string[];
  /** A bare "stop". Tapped, it counts as the payload, or as the title that the payload repeats. */
  bare: readonly string[];
  /** Cancel, end, remove, resume and the like: what businesses put on ordinary buttons. Counts only when typed. */
  typed: readonly string[];
}

export const WORDS = tableOf<LanguageWords>({
  en: {
    stop: words(
      "stop all, stopall, stop promotions, stop marketing, stop messages, stop offers, stop ads, stop updates, stop promotion, stop promo, stop promos, stop promotional messages, stop marketing messages, stop offer, stop newsletter, stop newsletters, unsubscribe, unsubscribe me, unsub, opt out, optout, opt me out",
      "stop, stop please, please stop",
      "cancel, end, quit, revoke, remove, remove me",
    ),
    start: words(
      "subscribe, subscribe me, resubscribe, opt in, optin, opt me in, unstop, start promotions",
      "",
      "start, resume",
    ),
    confirm: listed("yes, y, yes please, confirm, i confirm, i agree"),
  },
  es: {
    stop: words(
      "detener promoción, detener publicidad, no más publicidad, darme de baja, dar de baja, darse de baja, dame de baja, quiero darme de baja, cancelar suscripción, detener promociones, no más promociones",
      "detener, parar",
      "baja, cancelar, no más",
    ),
    start: words("darme de alta, suscribir, suscribirme", "", "alta, iniciar"),
    confirm: listed("sí, confirmo, confirmar, acepto"),
  },
  pt: {
    stop: words(
      "parar promoção, parar publicidade, interromper promoção, descadastrar, descadastrar me, cancelar inscrição, parar promoções, interromper promoções",
      "parar, pare",
      "sair, remover",
    ),
    start: words("", "", "começar, inscrever"),
    confirm: listed("sim, confirmo, confirmar, aceito"),
  },
  fr: {
    stop: words(
      "arrêter les promos, arrêter la publicité, désabonner, se désabonner, me désabonner, désinscription, se désinscrire, arrêter les promotions, stop pub",
      "arrêt, arrêter, stopper",
      "",
    ),
    start: words("s abonner, m abonner", "", "démarrer"),
    confirm: listed("oui, je confirme, confirmer, j accepte"),
  },
  de: {
    stop: words(
      "abbestellen, newsletter abbestellen, werbung abbestellen, keine werbung, werbung stoppen",
      "stopp",
      "abmelden",
    ),
    start: words("abonnieren", "", "anmelden, starten"),
    confirm: listed("ja, ich bestätige, bestätigen, ich stimme zu"),
  },
  it: {
    stop: words(
      "stop promozione, stop pubblicità, disiscrivi, disiscriviti, disiscrivimi, interrompi promozioni, stop promozioni",
      "",
      "annulla, cancellami",
    ),
    start: words("iscriviti, iscrivimi", "", ""),
    confirm: listed("sì, confermo, accetto"),
  },
  nl: {
    stop: words("stop promotie, uitschrijven, stop promoties", "", "afmelden"),
    start: words("abonneren", "", "aanmelden"),
    confirm: listed("ja, ik bevestig, bevestigen"),
  },
  tr: {
    stop: words("reklamları durdur, abonelikten çık, promosyonları durdur", "dur, durdur", "iptal, ret"),
    start: words("abone ol", "", "başla, başlat"),
    confirm: listed("evet, onaylıyorum, kabul ediyorum"),
  },
  pl: {
    stop: words("zatrzymaj promocje, wypisz, wypisz mnie", "", "anuluj"),
    start: words("", "", "zapisz"),
    confirm: listed("tak, potwierdzam, zgadzam się"),
  },
  ru: {
    stop: words(
      "остановить рекламу, остановить рассылку, отключить рассылку, отписаться, отписка",
      "стоп",
      "отмена",
    ),
    start: words("подписаться", "", "старт"),
    confirm: listed("да, подтверждаю, согласен, согласна"),
  },
  uk: {
    stop: words("зупинити розсилку, відписатися", "зупинити", ""),
    start: words("підписатися", "", "почати"),
    confirm: listed("так, підтверджую, згоден, згодна"),
  },
  ar: {
    stop: words(
      "إيقاف العروض الترويجية, ايقاف العروض, ايقاف العروض الترويجية, وقف العروض, وقف العروض الترويجية, إيقاف الرسائل الترويجية, إيقاف الإعلانات, وقف الإعلانات, إلغاء الاشتراك, الغاء الاشتراك, إيقاف العروض",
      "توقف, إيقاف, ايقاف, قف",
      "الغاء, إلغاء",
    ),
    start: words("", "", "ابدأ, ابدا, اشتراك"),
    confirm: listed("نعم, أؤكد, موافق, أوافق"),
  },
  he: {
    stop: words("הפסק פרסומות, הפסקת פרסומות, לביטול הרשמה, ביטול הרשמה", "עצור", "הסר, הסרה"),
    start: words("", "", "התחל"),
    confirm: listed("כן, מאשר, מאשרת, אישור"),
  },
  fa: {
    stop: words("توقف تبلیغات, לغو اشتراک, لغو اشتراک", "توقف کن", "لغو"),
    start: words("", "", "شروع"),
    confirm: listed("بله, تایید, موافقم"),
  },
  ur: {
    stop: words("", "", "بند کرو"),
    start: words("", "", ""),
    confirm: listed("ہاں, جی ہاں"),
  },
  hi: {
    stop: words("प्रमोशन बंद करें, प्रचार बंद करें", "रोको", "बंद, बंद करो, बंद करें, रुको"),
    start: words("", "", "शुरू, शुरू करें"),
    confirm: listed("हाँ, हां, जी हाँ, सहमत"),
  },
  bn: {
    stop: words("প্রচার বন্ধ করুন", "", "বন্ধ, বন্ধ করুন"),
    start: words("", "", "শুরু"),
    confirm: listed("হ্যাঁ, সম্মত"),
  },
  ta: {
    stop: words("", "நிறுத்து", ""),
    start: words("", "", ""),
    confirm: listed("ஆம்"),
  },
  id: {
    stop: words("hentikan promo, berhenti berlangganan, hentikan promosi", "berhenti", "batal"),
    start: words("berlangganan", "", "mulai"),
    confirm: listed("ya, setuju, saya setuju"),
  },
  ms: {
    stop: words("", "henti", ""),
    start: words("", "", "mula"),
    confirm: listed("ya, setuju"),
  },
  vi: {
    stop: words("dừng khuyến mãi, ngừng khuyến mãi, ngừng quảng cáo, hủy đăng ký", "dừng, ngừng", "hủy"),
    start: words("đăng ký nhận tin", "", "bắt đầu"),
    confirm: listed("có, đồng ý, xác nhận"),
  },
  th: {
    stop: words("หยุดโปรโมชั่น, ยกเลิกการสมัคร", "หยุด", "ยกเลิก"),
    start: words("", "", "เริ่ม"),
    confirm: listed("ใช่, ยืนยัน, ตกลง"),
  },
  sw: {
    stop: words("", "simama", ""),
    start: words("", "", ""),
    confirm: listed("ndiyo, nakubali"),
  },
  zh: {
    stop: words(
      "停止促销, 停止促銷, 停止推广, 停止推廣, 停止营销, 停止行銷, 退订, 退訂, 取消订阅, 取消訂閱",
      "停止",
      "取消",
    ),
    start: words("订阅, 訂閱", "", "开始, 開始"),
    confirm: listed("是, 是的, 确认, 確認, 同意"),
  },
  ja: {
    stop: words("プロモーション停止, 広告停止, 配信停止", "ストップ", "解除"),
    start: words("配信再開", "", "開始, スタート"),
    confirm: listed("はい, 同意する, 同意します"),
  },
  ko: {
    stop: words("프로모션 중지, 광고 중지, 광고 수신거부, 수신거부, 구독 취소", "중지", "그만"),
    start: words("수신동의", "", "시작"),
    confirm: listed("네, 예, 동의, 동의합니다"),
  },
});

function words(explicit: string, bare: string, typed: string): Words {
  return { explicit: listed(explicit), bare: listed(bare), typed: listed(typed) };
}

function listed(line: string): readonly string[] {
  return line === "" ? [] : line.split(", ");
}
