import { describe, expect, it } from "vitest";
import {
  CONFIRM_PAYLOAD,
  foldText,
  readMeaning,
  readStatement,
  readTap,
  wordLists,
} from "./consent-keywords.ts";
import { createWordRules } from "./word-rules.ts";

const defaults = wordLists();

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

  it("a workspace's own words count beside the product's, of which languages can be switched off", () => {
    const own = wordLists([{ meaning: "STOP", matches: "typed", text: "Genug!" }], new Set(["en"]));
    expect(readStatement(["genug"], own)).toBe("STOP");
    expect(readStatement(["baja"], own)).toBe("STOP");
    expect(readStatement(["unsubscribe"], own)).toBeNull();
    expect(readStatement(["baja"], wordLists([], new Set(["*"])))).toBeNull();
  });

  it("no word says two things, and every built-in word is found as it is written", () => {
    const { STOP, START, CONFIRM } = defaults.typed;
    expect([...STOP].filter((word) => START.has(word) || CONFIRM.has(word))).toEqual([]);
    expect([...START].filter((word) => CONFIRM.has(word))).toEqual([]);
    for (const words of [STOP, START, CONFIRM]) {
      expect(words.size).toBeGreaterThan(50);
      for (const word of words) expect(foldText(word)).toBe(word);
    }
  });

  it("what counts is what counted when the message was written, whenever it is read", () => {
    const listsAt = createWordRules({
      words: [{ meaning: "STOP", matches: "typed", text: "genug", since_ms: 100, until_ms: 200 }],
      off: [{ language: "de", since_ms: 150, until_ms: null }],
    });
    const read = (text: string, at_ms: number) => readStatement([text], listsAt(at_ms));
    expect([99, 100, 199, 200].map((at_ms) => read("genug", at_ms))).toEqual([null, "STOP", "STOP", null]);
    expect([149, 150, 1_000].map((at_ms) => read("abmelden", at_ms))).toEqual(["STOP", null, null]);
  });
});

describe("the answer to a double opt-in", () => {
  const read = (text: string | null, tap: { payload: string | null; title: string | null } | null = null) =>
    readMeaning({ text, tap }, defaults);

  it("is a word for yes as a whole message, or the tap of the button that asked, whatever stands on it", () => {
    expect(["Yes!", "sí", "Ja", "да", "はい"].map((text) => read(text))).toEqual(
      ["Yes!", "sí", "Ja", "да", "はい"].map(() => "CONFIRM"),
    );
    expect(read(null, { payload: CONFIRM_PAYLOAD, title: "Stop asking" })).toBe("CONFIRM");
  });

  it("is no longer text, and no tap of another button", () => {
    expect(read("yes, at five")).toBeNull();
    expect(read(null, { payload: "yes", title: "Yes" })).toBeNull();
  });
});

describe("buttons of the workspace", () => {
  it("count by their title or payload, also where the word is on ordinary buttons", () => {
    const own = wordLists([{ meaning: "STOP", matches: "tapped", text: "Not interested" }]);
    const tap = (payload: string | null, title: string) =>
      readMeaning({ text: null, tap: { payload, title } }, own);
    expect(tap("q7", "Not interested")).toBe("STOP");
    expect(tap("NOT_INTERESTED", "No")).toBe("STOP");
    expect(tap("q7", "Not interested in this")).toBeNull();
    expect(readMeaning({ text: "not interested", tap: null }, own)).toBeNull();
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
    const own = wordLists(
      [
        { meaning: "STOP", matches: "typed", text: "Genug!" },
        { meaning: "STOP", matches: "typed", text: "Cancel" },
      ],
      new Set(["*"]),
    );
    expect(tap("genug", "Genug", own)).toBe("STOP");
    expect(tap("cancel", "Cancel", own)).toBeNull();
    expect(tap("stop", "Stop", own)).toBeNull();
  });
});
