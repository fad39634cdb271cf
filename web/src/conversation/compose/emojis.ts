/** What is offered to write with: each emoji, its name in Unicode, and after a comma what else people call it. */
export interface Emoji {
  emoji: string;
  name: string;
  /** All that one may search it by. */
  words: string;
}

/** One emoji is `👍 thumbs up, like yes`; semicolons part them. */
const DATA = {
  smileys: `
    😀 grinning face, smile happy; 😃 smiling face open mouth, smile happy;
    😄 smiling face open mouth smiling eyes, smile happy; 😁 grinning face smiling eyes, smile grin;
    😆 smiling face open mouth tightly-closed eyes; 😅 smiling face open mouth cold sweat;
    🤣 rolling on floor laughing, lol laugh; 😂 face tears joy, lol laugh; 🙂 slightly smiling face, smile;
    🙃 upside-down face; 😉 winking face, wink; 😊 smiling face smiling eyes, happy; 😇 smiling face halo;
    🥰 smiling face smiling eyes three hearts, love; 😍 smiling face heart-shaped eyes, love;
    🤩 grinning face star eyes; 😘 face throwing kiss; 😗 kissing face; 😚 kissing face closed eyes;
    😙 kissing face smiling eyes; 😋 face savouring delicious food; 😛 face stuck-out tongue;
    😜 face stuck-out tongue winking eye; 🤪 zany face;
    😝 face stuck-out tongue tightly-closed eyes; 🤑 money-mouth face; 🤗 hugging face;
    🤭 smiling face smiling eyes hand covering mouth; 🤫 face finger covering closed lips;
    🤔 thinking face, think; 🤐 zipper-mouth face; 🤨 face one eyebrow raised; 😐 neutral face;
    😑 expressionless face; 😶 face without mouth; 😏 smirking face; 😒 unamused face; 🙄 face rolling eyes;
    😬 grimacing face; 🤥 lying face; 😌 relieved face; 😔 pensive face; 😪 sleepy face; 🤤 drooling face;
    😴 sleeping face; 😷 face medical mask; 🤒 face thermometer; 🤕 face head-bandage; 🤢 nauseated face;
    🤮 face open mouth vomiting; 🤧 sneezing face; 🥵 overheated face; 🥶 freezing face;
    🥴 face uneven eyes wavy mouth; 😵 dizzy face; 🤯 shocked face exploding head; 🤠 face cowboy hat;
    🥳 face party horn party hat; 😎 smiling face sunglasses, cool; 🤓 nerd face; 🧐 face monocle;
    😕 confused face; 😟 worried face; 🙁 slightly frowning face; 😮 face open mouth; 😯 hushed face;
    😲 astonished face; 😳 flushed face; 🥺 face pleading eyes; 😦 frowning face open mouth; 😧 anguished face;
    😨 fearful face; 😰 face open mouth cold sweat; 😥 disappointed but relieved face; 😢 crying face, sad;
    😭 loudly crying face, sad cry; 😱 face screaming in fear; 😖 confounded face; 😣 persevering face;
    😞 disappointed face; 😓 face cold sweat; 😩 weary face; 😫 tired face; 🥱 yawning face; 😤 face look triumph;
    😡 pouting face, angry; 😠 angry face; 🤬 serious face symbols covering mouth; 😈 smiling face horns; 👿 imp;
    💀 skull; 💩 pile poo; 🤡 clown face; 👻 ghost; 👽 extraterrestrial alien; 🤖 robot face;
    😺 smiling cat face open mouth; 😸 grinning cat face smiling eyes; 😹 cat face tears joy;
    😻 smiling cat face heart-shaped eyes; 🙈 see-no-evil monkey; 🙉 hear-no-evil monkey;
    🙊 speak-no-evil monkey`,
  people: `
    👋 waving hand, hello hi bye; 🤚 raised back hand; 🖐️ raised hand fingers splayed; ✋ raised hand;
    🖖 raised hand part between middle ring fingers; 👌 ok hand; 🤏 pinching hand; ✌️ victory hand;
    🤞 hand index middle fingers crossed; 🤟 i love you hand; 🤘 horns; 🤙 call me hand;
    👈 left pointing backhand index; 👉 right pointing backhand index; 👆 up pointing backhand index;
    👇 down pointing backhand index; ☝️ up pointing index; 👍 thumbs up, like yes ok;
    👎 thumbs down, no dislike; ✊ raised fist; 👊 fisted hand; 🤛 left-facing fist; 🤜 right-facing fist;
    👏 clapping hands, applause clap bravo; 🙌 person raising both hands in celebration, hooray; 👐 open hands;
    🤲 palms up together; 🤝 handshake, deal agreement; 🙏 person folded hands, please thanks thank you pray;
    ✍️ writing hand; 💅 nail polish; 🤳 selfie; 💪 flexed biceps, strong muscle; 👂 ear; 👃 nose; 👀 eyes, look;
    👄 mouth; 👶 baby; 👧 girl; 👦 boy; 👩 woman; 👨 man; 👵 older woman; 👴 older man;
    🙋 happy person raising one hand; 🙅 face no good gesture; 🙆 face ok gesture; 💁 information desk person;
    🤷 shrug, dont know; 🤦 face palm, facepalm; 🙇 person bowing deeply; 💃 dancer; 🕺 man dancing;
    👮 police officer; 👷 construction worker; 👸 princess; 🤴 prince; 👼 baby angel; 🎅 father christmas;
    🏃 runner; 🚶 pedestrian; 💑 couple heart; 👪 family`,
  hearts: `
    ❤️ heart, love; 🧡 orange heart; 💛 yellow heart; 💚 green heart; 💙 blue heart; 💜 purple heart;
    🖤 black heart; 🤍 white heart; 🤎 brown heart; 💔 broken heart; ❣️ heart exclamation mark ornament;
    💕 two hearts; 💞 revolving hearts; 💓 beating heart; 💗 growing heart; 💖 sparkling heart; 💘 heart arrow;
    💝 heart ribbon; 💯 hundred points, perfect; 💢 anger; 💥 collision; 💫 dizzy; 💦 splashing sweat; 💨 dash;
    💬 speech balloon; 💭 thought balloon; 💤 sleeping`,
  nature: `
    🐶 dog face; 🐱 cat face; 🐭 mouse face; 🐹 hamster face; 🐰 rabbit face; 🦊 fox face; 🐻 bear face;
    🐼 panda face; 🐨 koala; 🐯 tiger face; 🦁 lion face; 🐮 cow face; 🐷 pig face; 🐸 frog face; 🐵 monkey face;
    🐔 chicken; 🐧 penguin; 🐦 bird; 🦆 duck; 🦉 owl; 🐴 horse face; 🦄 unicorn face; 🐝 honeybee; 🦋 butterfly;
    🐌 snail; 🐞 lady beetle; 🐢 turtle; 🐍 snake; 🐙 octopus; 🐬 dolphin; 🐳 spouting whale; 🐟 fish; 🌵 cactus;
    🎄 christmas tree; 🌲 evergreen tree; 🌴 palm tree; 🌱 seedling; 🌿 herb; 🍀 four leaf clover; 🍁 maple leaf;
    🍂 fallen leaf; 🌹 rose; 🌺 hibiscus; 🌸 cherry blossom; 🌼 blossom; 🌻 sunflower; 🌷 tulip; 💐 bouquet;
    🌞 sun face; 🌙 crescent moon; ⭐ medium star; 🌟 glowing star; ✨ sparkles, stars new; ⚡ high voltage;
    🔥 fire, hot; 🌈 rainbow; ☀️ sun rays; ⛅ sun behind cloud; ☁️ cloud; 🌧️ cloud rain; ⛄ snowman without snow;
    ❄️ snowflake; 🌊 water wave; 💧 droplet; 🌍 earth globe europe-africa`,
  food: `
    🍏 green apple; 🍎 red apple; 🍐 pear; 🍊 tangerine; 🍋 lemon; 🍌 banana; 🍉 watermelon; 🍇 grapes; 🍓 strawberry;
    🍒 cherries; 🍑 peach; 🥭 mango; 🍍 pineapple; 🥥 coconut; 🥝 kiwifruit; 🍅 tomato; 🥑 avocado; 🥦 broccoli;
    🥕 carrot; 🌽 ear maize; 🌶️ hot pepper; 🥐 croissant; 🍞 bread; 🥖 baguette bread; 🧀 cheese wedge; 🥚 egg;
    🍳 cooking; 🥞 pancakes; 🥓 bacon; 🍗 poultry leg; 🍔 hamburger; 🍟 french fries; 🍕 slice pizza; 🌭 hot dog;
    🥪 sandwich; 🌮 taco; 🌯 burrito; 🥗 green salad; 🍝 spaghetti; 🍜 steaming bowl; 🍲 pot food; 🍣 sushi;
    🍱 bento box; 🍤 fried shrimp; 🍚 cooked rice; 🍦 soft ice cream; 🍰 shortcake; 🎂 birthday cake; 🧁 cupcake;
    🍫 chocolate bar; 🍬 candy; 🍭 lollipop; 🍩 doughnut; 🍪 cookie; ☕ hot beverage, coffee tea;
    🍵 teacup without handle; 🥤 cup straw; 🍺 beer mug; 🍻 clinking beer mugs; 🥂 clinking glasses; 🍷 wine glass;
    🍸 cocktail glass; 🍹 tropical drink; 🍾 bottle popping cork`,
  travel: `
    🚗 automobile; 🚕 taxi; 🚌 bus; 🚓 police car; 🚑 ambulance; 🚒 fire engine; 🚚 delivery truck, shipping;
    🚲 bicycle; 🛵 motor scooter; 🏍️ racing motorcycle; 🚂 steam locomotive; 🚆 train; 🚇 metro; ✈️ airplane;
    🚀 rocket; 🚁 helicopter; ⛵ sailboat; 🚢 ship; ⚓ anchor; 🏖️ beach umbrella; 🏝️ desert island;
    🏔️ snow capped mountain; 🏠 house building; 🏡 house garden; 🏢 office building; 🏥 hospital; 🏦 bank;
    🏨 hotel; 🏪 convenience store; 🏫 school; ⛪ church; 🕌 mosque; 🗽 statue liberty; 🗼 tokyo tower;
    🎡 ferris wheel; ⛺ tent; 🗺️ world map; 📍 round pushpin, place location; 🚦 vertical traffic light`,
  activities: `
    ⚽ soccer ball; 🏀 basketball hoop; 🏈 american football; ⚾ baseball; 🎾 tennis racquet ball; 🏐 volleyball;
    🏉 rugby football; 🎱 billiards; 🏓 table tennis paddle ball; 🏸 badminton racquet shuttlecock;
    ⛳ flag in hole; 🎣 fishing pole fish; 🥊 boxing glove; 🎿 ski ski boot; 🏂 snowboarder; 🏊 swimmer;
    🚴 bicyclist; 🏆 trophy; 🥇 first place medal; 🥈 second place medal; 🥉 third place medal; 🏅 sports medal;
    🎗️ reminder ribbon; 🎟️ admission tickets; 🎪 circus tent; 🎭 performing arts; 🎨 artist palette;
    🎬 clapper board; 🎤 microphone; 🎧 headphone; 🎹 musical keyboard; 🥁 drum drumsticks; 🎷 saxophone; 🎸 guitar;
    🎻 violin; 🎲 game die; 🎯 direct hit; 🎮 video game; 🎉 party popper, congratulations tada; 🎊 confetti ball;
    🎈 balloon; 🎁 wrapped present, gift; 🎀 ribbon`,
  objects: `
    ⌚ watch; 📱 mobile phone; 💻 personal computer; ⌨️ keyboard; 🖥️ desktop computer; 🖨️ printer; 📷 camera;
    📹 video camera; 📺 television; 📞 telephone receiver, call phone; ☎️ telephone; 🔋 battery; 🔌 electric plug;
    💡 electric light bulb, idea; 🔦 electric torch; 💸 money wings; 💵 banknote dollar; 💶 banknote euro;
    💷 banknote pound; 💰 money bag; 💳 credit card, pay; 💎 gem stone; 🔧 wrench; 🔨 hammer; 🔩 nut bolt; 🔑 key;
    🔒 lock; 🔓 open lock; 🚪 door; 🛋️ couch lamp; 🛏️ bed; 🛁 bathtub; 🚿 shower; 🧹 broom; 🧺 basket;
    🧴 lotion bottle; 💊 pill; 💉 syringe; 🩺 stethoscope; 🧪 test tube; 🌡️ thermometer;
    📦 package, parcel box order; 📫 closed mailbox raised flag; 📧 e-mail; 📩 envelope downwards arrow above;
    📝 memo; 📄 page facing up; 📅 calendar, date; 📆 tear-off calendar; 📈 chart upwards trend;
    📉 chart downwards trend; 📊 bar chart; 📋 clipboard; 📌 pushpin; 📎 paperclip; 📏 straight ruler; ✂️ scissors;
    🗑️ wastebasket; 📚 books; 📖 open book; 🔖 bookmark; 🏷️ label; 🔔 bell; 🔕 bell cancellation stroke;
    📣 cheering megaphone; 🔍 left-pointing magnifying glass, search find; ⏰ alarm clock, time;
    ⏳ hourglass flowing sand; 👕 t-shirt; 👖 jeans; 👗 dress; 👟 athletic shoe; 👠 high-heeled shoe; 👜 handbag;
    🎒 school satchel; 👓 eyeglasses; 🕶️ dark sunglasses; 💍 ring; 👑 crown`,
  symbols: `
    ✅ check mark, done yes; ☑️ ballot box check; ✔️ check mark; ❌ cross mark, no wrong cancel;
    ❎ negative squared cross mark; ➕ plus; ➖ minus; ✖️ multiplication x; ❓ question mark ornament;
    ❗ exclamation mark; ‼️ double exclamation mark; ⁉️ exclamation question mark; ⚠️ warning, attention;
    🚫 no entry; ⛔ no entry; 🔞 no one under eighteen; ♻️ universal recycling; 🔴 red circle; 🟠 orange circle;
    🟡 yellow circle; 🟢 green circle; 🔵 blue circle; 🟣 purple circle; ⚫ medium black circle;
    ⚪ medium white circle; 🔶 orange diamond; 🔷 blue diamond; 🔺 up-pointing red triangle;
    🔻 down-pointing red triangle; ➡️ rightwards arrow; ⬅️ leftwards arrow; ⬆️ upwards arrow;
    ⬇️ downwards arrow; ↩️ leftwards arrow hook; 🔄 anticlockwise downwards upwards open circle arrows;
    🔁 clockwise rightwards leftwards open circle arrows; ⏩ right-pointing double triangle;
    ⏸️ double vertical bar; ▶️ right-pointing triangle; ⏹️ square stop; 🆕 squared new; 🆓 squared free;
    🆗 squared ok; 🆒 squared cool; 🆘 squared sos; 🔝 top upwards arrow above; 🔜 soon rightwards arrow above;
    🔙 back leftwards arrow above; 🎵 musical note; 🎶 multiple musical notes; 💲 dollar; ©️ copyright;
    ®️ registered; ™️ trade mark; 🏁 chequered flag; 🚩 triangular flag on post; 🏳️ waving white flag;
    🏴 waving black flag`,
} as const;
export type EmojiGroup = keyof typeof DATA;

function read(data: string): Emoji[] {
  return data.split(";").map((entry) => {
    const [emoji = "", ...words] = entry.trim().split(/\s+/);
    const all = words.join(" ");
    return { emoji, name: all.replace(/,.*/, ""), words: all.replace(",", "") };
  });
}

export const EMOJIS: readonly (readonly [EmojiGroup, readonly Emoji[]])[] = (
  Object.keys(DATA) as EmojiGroup[]
).map((group) => [group, read(DATA[group])]);

const ALL = EMOJIS.flatMap(([, emojis]) => emojis);

/** Those with a word that begins so, for each word of the search. */
export function findEmojis(search: string): Emoji[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  return ALL.filter(({ words }) => {
    const own = words.split(" ");
    return wanted.every((each) => own.some((word) => word.startsWith(each)));
  });
}

const RECENT_KEY = "wharf.emojis";
const MOST_RECENT = 16;

/** The newest first, kept in this browser. */
export function recentEmojis(): Emoji[] {
  const kept = (localStorage.getItem(RECENT_KEY) ?? "").split(" ");
  return kept.flatMap((emoji) => ALL.find((each) => each.emoji === emoji) ?? []);
}

export function rememberEmoji(emoji: string): void {
  const others = recentEmojis()
    .map((each) => each.emoji)
    .filter((each) => each !== emoji);
  localStorage.setItem(RECENT_KEY, [emoji, ...others].slice(0, MOST_RECENT).join(" "));
}
