import { Problem } from "../../base/base.ts";

/** As NIST SP 800-63B-4: length counts, no mixture of kinds is asked for, and what everyone tries first is refused. */
export const PASSWORD_LEAST = 12;
export const PASSWORD_MOST = 128;

/** Of the lists of passwords that were stolen most often, those of twelve characters and more. */
const COMMON = new Set(
  `passwordpassword password1234 password12345 password123456 123456789012 1234567890123 12345678901234 qwertyuiopas
qwertyuiop123 qwertyuiop1234 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsxcde3 qazwsxedcrfv qwerty123456
iloveyouforever iloveyou1234 welcome12345 welcome123456 letmein12345 administrator administrator1 admin1234567 adminadmin12
adminadminadmin changeme1234 changemeplease letmeinplease correcthorsebatterystaple trustno1trustno1 abcdefghijkl abcdefghijklm
abc123456789 abcd12345678 a1b2c3d4e5f6 asdfghjkl123 asdfghjklqwe zxcvbnm12345 qwertyqwerty qwertyqwerty1 passw0rdpassw0rd
passw0rd1234 p@ssword1234 p@ssw0rd1234 thisisapassword mypassword123 mypassword1234 superman1234 football1234 baseball1234
sunshine1234 princess1234 whatsappwhatsapp whatsapp1234 facebook1234 987654321098 098765432109 112233445566 121212121212
123123123123 123321123321 111222333444 qweasdzxc123 1234qwerasdf qwer1234asdf masterpassword secretpassword companypassword
businesspassword supersecret123 testtesttest testpassword testpassword1 temporary123 temppassword defaultpassword rootpassword`.split(
    /\s+/,
  ),
);

/** Throws PASSWORD_WEAK. `own`: words that others know of the person, as their email and name. */
export function checkPassword(password: string, own: readonly string[]): void {
  const reason = weaknessOf(password, own);
  if (reason !== null) throw new Problem("PASSWORD_WEAK", reason);
}

function weaknessOf(password: string, own: readonly string[]): string | null {
  const lower = password.toLowerCase();
  if (Array.from(password).length < PASSWORD_LEAST) return `It has fewer than ${PASSWORD_LEAST} characters.`;
  if (COMMON.has(lower.replaceAll(/[\s._-]/g, ""))) return "It is one of those that are tried first.";
  if (new Set(lower).size < 5) return "It repeats a few characters.";
  if (isRun(lower)) return "It is a row of characters one after the other.";
  const parts = own.flatMap((word) => [word, word.split("@")[0]!]).map((word) => word.trim().toLowerCase());
  // What is left once such a word is taken out has to be worth something by itself.
  const bare = parts.find(
    (word) => word.length >= 4 && lower.replaceAll(word, "").length < 6 && lower.includes(word),
  );
  return bare === undefined ? null : "It is little more than your name or email.";
}

/** `abcdefghijkl`, `210987654321`: each character is beside the one before. */
function isRun(text: string): boolean {
  const steps = Array.from(text)
    .slice(1)
    .map((char, at) => char.codePointAt(0)! - text.codePointAt(at)!);
  return steps.every((step) => step === 1 || step === -9) || steps.every((step) => step === -1 || step === 9);
}
