// `node --import tsx scripts/samples.ts`: makes the files that people of the simulator send, src/simulator/scenario/samples/, anew.
// Needs ffmpeg, espeak-ng and Debian's `webp`; the pictures, the melody and the words are our own.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDir } from "../src/base/base.ts";
import { boat, harbour } from "./sample-pictures.ts";

const folder = join(projectDir, "src/simulator/scenario/samples");
const workshop = mkdtempSync(join(tmpdir(), "wharf-samples-"));

function run(program: string, args: string[], input?: Buffer): void {
  const { status, error, stderr } = spawnSync(program, args, { input, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr.toString()}`);
}
/** Without the time at which it was made, so that the same is made again. */
const ffmpeg = (args: string[], input?: Buffer) =>
  run(
    "ffmpeg",
    ["-v", "error", "-y", ...args.slice(0, -1), "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", args.at(-1)!],
    input,
  ); // prettier-ignore

/** Each pixel of `finer` by `finer` points. */
function draw(
  width: number,
  height: number,
  finer: number,
  colourAt: (x: number, y: number) => readonly number[],
): Buffer {
  const parts = colourAt(0, 0).length;
  const pixels = Buffer.alloc(width * height * parts);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const sum = Array.from({ length: parts }, () => 0);
      for (let part = 0; part < finer * finer; part++) {
        const x = column + ((part % finer) + 0.5) / finer;
        const y = row + (Math.floor(part / finer) + 0.5) / finer;
        colourAt(x / height, y / height).forEach((value, index) => (sum[index]! += value));
      }
      const at = (row * width + column) * parts;
      sum.forEach((value, index) => (pixels[at + index] = Math.round(value / finer ** 2)));
    }
  }
  return pixels;
}

function photo(): void {
  const [width, height] = [1280, 960];
  const pixels = draw(width, height, 2, (x, y) => harbour(x, y, 0.9));
  const raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${width}x${height}`, "-i", "-"];
  ffmpeg([...raw, "-frames:v", "1", "-q:v", "5", "-pix_fmt", "yuvj420p", join(folder, "photo.jpg")], pixels);
}

const MELODY = [523.25, 659.26, 783.99, 1046.5, 783.99, 880, 783.99, 659.26, 523.25, 587.33];

function video(): void {
  const [width, height, rate, seconds] = [640, 360, 20, 5];
  const frames = Array.from({ length: rate * seconds }, (_, frame) =>
    draw(width, height, 1, (x, y) => harbour(x, y, frame / rate)),
  );
  const note = (hertz: number, at: number) =>
    `if(gte(t,${at / 2}),sin(2*PI*${hertz}*t)*exp(-4*(t-${at / 2}))*0.25,0)`;
  const song = `aevalsrc='${MELODY.map(note).join("+")}':s=44100:d=${seconds}`;
  ffmpeg(
    [
      "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${width}x${height}`, "-r", String(rate), "-i", "-",
      "-f", "lavfi", "-i", song,
      "-c:v", "libx264", "-profile:v", "main", "-preset", "veryslow", "-crf", "33", "-g", "40", "-pix_fmt", "yuv420p",
      "-x264-params", "threads=1", "-c:a", "aac", "-b:a", "48k", "-ac", "1", "-movflags", "+faststart",
      join(folder, "video.mp4"),
    ],
    Buffer.concat(frames),
  ); // prettier-ignore
}

function voiceNote(): void {
  const spoken = join(workshop, "voice.wav");
  const words =
    "Hi! I am standing in front of your shop. Do you still have the blue rain jacket, in size M? Just write me. Thank you!";
  run("espeak-ng", ["-v", "en-us+f4", "-s", "158", "-p", "58", "-g", "2", "-w", spoken, words]);
  const tone = "highpass=f=90,aecho=0.8:0.4:18:0.12,loudnorm=I=-18,aresample=16000";
  ffmpeg(
    ["-i", spoken, "-af", tone, "-ac", "1", "-c:a", "libopus", "-b:a", "20k", "-application", "voip", join(folder, "voice-note.ogg")],
  ); // prettier-ignore
}

function stickers(): void {
  const side = 512;
  const frames = 12;
  const picture = (name: string, frame: number) => {
    const pixels = draw(side, side, 2, (x, y) => {
      const [red, green, blue, cover] = boat(x, y, frame / frames);
      return [red, green, blue, cover * 255];
    });
    const raw = ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", `${side}x${side}`, "-i", "-"];
    ffmpeg([...raw, "-frames:v", "1", name], pixels);
    return name;
  };
  const still = picture(join(workshop, "still.png"), 1);
  run("cwebp", ["-quiet", "-m", "6", "-q", "78", still, "-o", join(folder, "sticker.webp")]);
  const moving = Array.from({ length: frames }, (_, frame) =>
    picture(join(workshop, `frame-${frame}.png`), frame),
  );
  run("img2webp", ["-loop", "0", "-d", "90", "-lossy", "-q", "40", "-m", "6", ...moving, "-o", join(folder, "sticker-animated.webp")]); // prettier-ignore
}

/** A PDF of text, written by hand: two pages of an order. */
function pdf(): void {
  const pages = [
    ["24|Order 4821", "11|Northwind Outdoor, Quay 7", "11|", "13|1 x rain jacket, blue, size M        89.00 EUR", "13|2 x merino socks, 39-41               29.80 EUR", "13|1 x dry bag, 20 l                     24.90 EUR", "11|", "15|Total                                143.70 EUR"],
    ["24|Returns", "11|Page 2 of 2", "11|", "13|You can send back what does not fit within 30 days.", "13|Put this page into the parcel and tick what you return:", "11|", "13|[  ]  rain jacket", "13|[  ]  merino socks", "13|[  ]  dry bag"],
  ]; // prettier-ignore
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [4 0 R 6 0 R] /Count 2 >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
  ];
  for (const [at, lines] of pages.entries()) {
    const text = lines.map((line) => {
      const [size = "12", words = ""] = line.split("|");
      return `/F1 ${size} Tf (${words.replaceAll(/[()\\]/g, "\\$&")}) Tj T*`;
    });
    const stream = `BT 64 770 Td 26 TL\n${text.join("\n")}\nET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + at * 2} 0 R >>`,
      `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    );
  }
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  writeFileSync(join(folder, "order-4821.pdf"), file);
}

function note(): void {
  writeFileSync(
    join(folder, "packing-list.txt"),
    "Packing list for the weekend\n\n- rain jacket (blue, M)\n- merino socks\n- dry bag, 20 l\n- coffee ☕, and the good mug\n",
  );
}

try {
  for (const make of [photo, voiceNote, stickers, pdf, note, video]) make();
} finally {
  rmSync(workshop, { recursive: true, force: true });
}
for (const name of readdirSync(folder)) console.log(`${statSync(join(folder, name)).size}\t${name}`);
