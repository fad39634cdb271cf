import { describe, expect, it } from "vitest";
import { foldText, readStatement, readTap, wordLists } from "./consent-keywords.ts";

const defaults = wordLists(null, null);

describe("STOP and START words", () => {
  it.each([
    "STOP",
    "stop ",
    "ＳＴＯＰ",
    "Stop!",
    "s​top",
    "STOP 🛑",
    "BAJA",
    "Arrêt",
    "arret",
    "STOP_PROMOTIONS",
    "बंद",
    "退订",
    "İPTAL",
    "تَوَقَّف",
    "إِيقَاف",
    "تـوقف",
    "עֲצֹור",
  ])("%j as a whole message is a stop", (text) => {
    expect(readStatement([text], defaults)).toBe("STOP");
  });

  it.each([
    "please stop by the shop tomorrow",
    "don't stop",
    "non-stop",
    "stopover",
    "",
    "!!!",
    "🛑",
    "unstoppable",
  ])("%j is no statement", (text) => {
    expect(readStatement([text], defaults)).toBeNull();
  });

  it("a button that says both stops", () => {
    expect(readStatement(["START", "Stop promotions"], defaults)).toBe("STOP");
  });

  it("a workspace's own list replaces the built-in one", () => {
    const own = wordLists(["Genug!"], null);
    expect(readStatement(["genug"], own)).toBe("STOP");
    expect(readStatement(["stop"], own)).toBeNull();
    expect(readStatement(["start"], own)).toBe("START");
  });

  it("no word both stops and starts, and every built-in word is found as it is written", () => {
    expect([...defaults.stop].filter((word) => defaults.start.has(word))).toEqual([]);
    for (const word of defaults.stop) expect(foldText(word)).toBe(word);
  });
});

describe("what a tap says", () => {
  const tap = (payload: string | null, title: string | null, lists = defaults) =>
    readTap({ payload, title }, lists);

  it.each([
    ["STOP", "STOP"],
    ["Stop promotions", "Stop promotions"],
    ["unsubscribe_42", "Unsubscribe"],
    ["OPTOUT", "Fewer messages"],
    ["STOP_PROMOTIONS", "No thanks"],
    [null, "Stop"],
    ["stop_42", "Stop"],
    ["btn-unsubscribe", "Unsubscribe"],
    ["marketing.optout.yes", "Opt out"],
    ["x-1", "Unsubscribe"],
    ["7f3a9c00-1", "Stop promotions"],
    [
      '{"action":"unsubscribe","campaign":"spring sale of shoes and boots and everything else"}',
      "Unsubscribe",
    ],
    ["Se désabonner", "Se désabonner"],
    ["ABBESTELLEN", "Abbestellen"],
    ["darme_de_baja", "Darme de baja"],
    ["Darse de baja", "Darse de baja"],
    ["DARSE_DE_BAJA", "Ya no quiero"],
    ["id_7", "Darse de baja"],
    ["stop_sub_7", "Stop"],
    ["stop-newsletter", "Stop"],
    ["STOP_PROMO", "Stop promotions"],
    ["opt_out_1", "Stop promotions"],
    ["promo_stop", "Stop promotions"],
    ["stop-promos-2", "Stop offers"],
    ["Stop promotion", "Stop promotion"],
    ["stop_promo", "No thanks"],
    ["Stop promotional messages", "Stop promotional messages"],
    ["STOP", "Stop my subscription"],
    ["x", "Stop newsletter"],
    ["unsub", "Unsub"],
    ["optout_yes", "Unsubscribe"],
    ["unsubscribe", "Stop promotions"],
    ["إيقاف العروض الترويجية", "إيقاف العروض الترويجية"],
    ["id_3", "وقف العروض"],
    ["停止促销", "停止促销"],
    ["停止推广", "停止推广"],
    ["停止促銷", "停止促銷"],
    ["プロモーション停止", "プロモーション停止"],
    ["프로모션 중지", "프로모션 중지"],
    ["Detener promoción", "Detener promoción"],
    ["Parar promoções", "Parar promoções"],
    ["Остановить рекламу", "Остановить рекламу"],
    ["Descadastrar", "Descadastrar"],
    ["退订", "退订"],
    ["btn_1", "수신거부"],
    ["отписаться", "Отписаться"],
    ["إلغاء الاشتراك", "إلغاء الاشتراك"],
    ["Arrêter", "Arrêter"],
    ["DETENER", "Detener"],
    ["停止", "停止"],
  ])("payload %j, title %j stops (F8)", (payload, title) => {
    expect(tap(payload, title)).toBe("STOP");
  });

  it.each([
    ["CANCEL_APPT_8812", "Cancel"],
    ["Cancel", "Cancel"],
    ["cancel", "Cancel my appointment"],
    ["row_9", "End"],
    ["end", "End"],
    [null, "End"],
    ["QUIT", "Quit game"],
    ["revoke", "Revoke access"],
    ["remove", "Remove"],
    ["remove_me", "Remove me"],
    ["menu_start", "Start"],
    ["START", "Start"],
    ["resume", "Resume"],
    ["stop_alarm", "Stop"],
    ["STOP_RECORDING_7", "Stop"],
    ["music_stop", "Stop"],
    ["menu_3", "Stop"],
    ["bus_stop", "Next stop"],
    ["keep_plan", "Unsubscribe"],
    ["keep_promos", "Stop promotions"],
    ["no_opt_out", "Stop promotions"],
    ["stop_order_8812", "Stop order"],
    ["STOP_ORDER", "Stop promotions"],
    ["do_not_stop", "Stop promotions"],
    ["promo_code_stop_sale", "See promotions"],
    ["stop_promo_countdown", "Stop"],
    ["unsubscribe_no", "Keep them"],
    ["CANCELAR", "Cancelar"],
    ["prioridad_baja", "Baja"],
    ["baja", "Baja"],
    ["no_mas", "No más"],
    ["sair", "Sair"],
    ["REMOVER", "Remover"],
    ["abmelden", "Abmelden"],
    ["Anmelden", "Anmelden"],
    ["annulla", "Annulla"],
    ["afmelden", "Afmelden"],
    ["aanmelden", "Aanmelden"],
    ["iptal", "İptal"],
    ["başla", "Başla"],
    ["anuluj", "Anuluj"],
    ["zapisz", "Zapisz"],
    ["отмена", "Отмена"],
    ["старт", "Старт"],
    ["إلغاء", "إلغاء"],
    ["ابدأ", "ابدأ"],
    ["הסר", "הסר"],
    ["रुको", "बंद करें"],
    ["बंद", "बंद"],
    ["বন্ধ করুন", "বন্ধ করুন"],
    ["batal", "Batal"],
    ["mulai", "Mulai"],
    ["hủy", "Hủy"],
    ["ยกเลิก", "ยกเลิก"],
    ["เริ่ม", "เริ่ม"],
    ["取消", "取消"],
    ["开始", "开始"],
    ["解除", "解除"],
    ["スタート", "スタート"],
    ["그만", "그만"],
    ["시작", "시작"],
    ["alta", "Alta"],
    ["começar", "Começar"],
    ["démarrer", "Démarrer"],
    ["", ""],
    [null, null],
  ])("payload %j, title %j says nothing of marketing (F8)", (payload, title) => {
    expect(tap(payload, title)).toBeNull();
  });

  it.each([
    ["subscribe_yes", "Subscribe"],
    ["OPT_IN", "Yes, please"],
    ["optin_12", "Opt in"],
    ["Suscribirme", "Suscribirme"],
    ["подписаться", "Подписаться"],
    ["订阅", "订阅"],
  ])("payload %j, title %j subscribes (F8)", (payload, title) => {
    expect(tap(payload, title)).toBe("START");
  });

  it("each word that only counts when it is typed still counts when it is typed (F8)", () => {
    for (const word of ["cancel", "end", "quit", "remove", "baja", "sair", "取消", "הסר", "बंद", "İPTAL"])
      expect(readStatement([word], defaults)).toBe("STOP");
    for (const word of ["start", "resume", "alta", "anmelden", "시작"])
      expect(readStatement([word], defaults)).toBe("START");
  });

  it("a workspace's own words count where they mean nothing else (F8)", () => {
    const own = wordLists(["Genug!", "Cancel"], null);
    expect(tap("genug", "Genug", own)).toBe("STOP");
    expect(tap("cancel", "Cancel", own)).toBeNull();
    expect(tap("stop", "Stop", own)).toBeNull();
  });
});
